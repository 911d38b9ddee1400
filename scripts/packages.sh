# Sourced by the install scripts: brings Debian packages onto the machine, and only those that are missing.

# missing_packages NAME...: prints those that are not installed.
missing_packages() {
    local name
    for name in "$@"; do
        [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || echo "$name"
    done
}

# as_root COMMAND...: runs a command as root, through sudo where we are somebody else.
as_root() {
    if [[ $EUID -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "This needs root, and there is no sudo. As root, run: $*" >&2
        return 1
    fi
}

# install_packages NAME...: does nothing, quickly, when all of them are there.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        echo "No apt-get here. If the next step fails, install what your system calls these: $*" >&2
        return
    fi
    local missing
    missing=$(missing_packages "$@")
    [[ -n $missing ]] || return 0
    echo "Installing" $missing
    as_root apt-get update --quiet
    # shellcheck disable=SC2086 # one word for each package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends $missing
}
