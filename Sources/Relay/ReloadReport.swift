/// What has come of reading the configuration again.
package struct ReloadReport: Sendable {
    /// The settings that are others now, by name.
    package let changed: [String]
    /// The settings that differ from what the server runs with until it is started anew.
    package let awaitingRestart: [String]
}

/// Why a configuration could not be taken. Everything is as before.
package struct ReloadError: Error, CustomStringConvertible {
    package let description: String

    init(_ error: any CustomStringConvertible) {
        description = error.description
    }
}
