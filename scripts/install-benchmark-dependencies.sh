#!/usr/bin/env bash
# Installs what the benchmarks are measured with: valgrind, which counts instructions, and strip.
# Safe to run again: it asks the network only when something is missing.
set -euo pipefail
source "$(dirname "$0")/packages.sh"

install_packages valgrind binutils
