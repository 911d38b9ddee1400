#!/usr/bin/env bash
# Installs what the tests and measurements of offload use: ip, tshark, setpriv, and a C compiler for the generator of frames.
# Safe to run again: it asks the network only when something is missing.
set -euo pipefail
source "$(dirname "$0")/packages.sh"

install_packages gcc iproute2 libc6-dev linux-libc-dev tshark util-linux
