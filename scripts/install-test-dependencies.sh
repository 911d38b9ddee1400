#!/usr/bin/env bash
# Installs the programs that the interop tests drive: coturn's tools, HAProxy, Prometheus, BIND's checker of zones,
# browsers, and Python clients in .venv.
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

# install_tools_of_daemons NAME...: packages whose daemons have their names.
install_tools_of_daemons() {
    local missing
    missing=$(missing_packages "$@")
    [[ -n $missing ]] || return 0
    without_daemons install_packages "$@"
    # Nor are they to run after the next boot.
    # shellcheck disable=SC2086 # one word for each package
    [[ ! -d /run/systemd/system ]] || as_root systemctl disable --now $missing
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

install_packages bind9-utils chromium firefox-esr fonts-dejavu-core python3 python3-venv
if command -v apt-get >/dev/null; then
    install_tools_of_daemons coturn haproxy prometheus
fi
install_python_clients
