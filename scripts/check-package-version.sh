#!/usr/bin/env bash
# Holds the version of the Debian package to that of the program.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$(sed -n 's/.*static let number = "\(.*\)"/\1/p' Sources/Configuration/Version.swift)
package=$(dpkg-parsechangelog --show-field Version)
if [[ ${package%-*} != "$program" ]]; then
    echo "debian/changelog says $package, Sources/Configuration/Version.swift says $program" >&2
    exit 1
fi
