#!/usr/bin/env bash
# Installs the programs that the interop tests drive: coturn's tools, browsers, and Python clients in .venv.
# Safe to run again: it asks the network only when something is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/packages.sh

# Debian starts a daemon that it installs. Ours is not to run: only its tools are wanted. policy-rc.d is Debian's way
# to say so; one that is there already is left to say what it says.
without_daemons() {
    local policy=/usr/sbin/policy-rc.d made=no status=0
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
        as_root chmod 755 $policy
        made=yes
    fi
    "$@" || status=$?
    [[ $made == no ]] || as_root rm -f $policy
    return $status
}

install_coturn() {
    [[ -n $(missing_packages coturn) ]] || return 0
    without_daemons install_packages coturn
    # Nor is it to run after the next boot.
    [[ ! -d /run/systemd/system ]] || as_root systemctl disable --now coturn
}

# The environment is whole when it holds the very requirements that the checkout asks for.
install_python_clients() {
    local wanted=Tests/Interop/requirements.txt installed=.venv/installed-requirements.txt
    if cmp --silent $wanted $installed && .venv/bin/python -c '' 2>/dev/null; then
        return
    fi
    echo "Making .venv for the interop tests"
    "${PYTHON:-/usr/bin/python3}" -m venv --clear .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement $wanted
    cp $wanted $installed
}

install_packages chromium firefox-esr fonts-dejavu-core python3 python3-venv
if command -v apt-get >/dev/null; then
    install_coturn
fi
install_python_clients
