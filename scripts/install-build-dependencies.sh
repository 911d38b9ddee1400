#!/usr/bin/env bash
# Installs what `swift build` needs beside Swift itself: the headers of OpenSSL and SQLite, and pkg-config, which finds
# them.
# Safe to run again: it asks the network only when something is missing.
set -euo pipefail
source "$(dirname "$0")/packages.sh"

if ! command -v swift >/dev/null; then
    cat >&2 <<'EOF'
There is no `swift` on the PATH. Culvert needs Swift 6.3 or later for Linux:
    https://www.swift.org/install/linux/
EOF
    exit 1
fi
install_packages libssl-dev libsqlite3-dev pkg-config
