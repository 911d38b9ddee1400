#!/usr/bin/env bash
# Runs a build and fails if it fails or if it warns. The package already makes the compiler's warnings errors; this
# also hears the package manager and the linker. What the package manager says of somebody else's package is not ours
# to mend.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$@" 2>&1 | tee "$log"
if grep --extended-regexp '(^|[ :])warning:' "$log" | grep --quiet --invert-match "^warning: 'swift-"; then
    echo "The build warned: $*" >&2
    exit 1
fi
