#!/usr/bin/env bash
# Installs what `make deb` and `make test-package` need beside Swift: Debian's packaging tools, and containers.
# Safe to run again: it asks the network only when something is missing.
set -euo pipefail
source "$(dirname "$0")/packages.sh"

install_packages bsdutils debhelper debootstrap dpkg-dev systemd-container util-linux
