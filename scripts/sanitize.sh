#!/usr/bin/env bash
# Runs the tests that open sockets, and the server that they start, under AddressSanitizer and ThreadSanitizer.
#
#     scripts/sanitize.sh            both
#     scripts/sanitize.sh address    one of them
set -euo pipefail
cd "$(dirname "$0")/.."

tests='^(RelayTests|TransportTests|IntegrationTests|TURNClientTests|LoadTestTests)\.'

# Leaks are not looked for: Foundation's Process leaks in the tests themselves, and the server ends before OpenSSL has
# freed the random number generators of the workers' threads. The interop tests hold the server's memory to limits.
export ASAN_OPTIONS="detect_leaks=0:suppressions=$PWD/scripts/address-sanitizer.supp"
export TSAN_OPTIONS="suppressions=$PWD/scripts/thread-sanitizer.supp"

# run SANITIZER FOLDER OPTION...: each sanitizer has a build folder of its own, so that the usual one stays fresh.
run() {
    local sanitizer=$1 folder=$2
    shift 2
    echo "Under the $sanitizer sanitizer"
    swift build --build-tests --sanitize="$sanitizer" --scratch-path "$folder"
    swift test --skip-build --sanitize="$sanitizer" --scratch-path "$folder" --filter "$tests" "$@"
}

case ${1:-both} in
    address | both)
        # The test of a slow reader measures the server's memory, most of which is then the sanitizer's.
        run address .build-asan --skip slowReader
        ;;&
    thread | both) run thread .build-tsan ;;&
    address | thread | both) ;;
    *) echo "usage: $0 [address|thread|both]" >&2 && exit 2 ;;
esac
