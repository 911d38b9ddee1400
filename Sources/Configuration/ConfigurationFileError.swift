/// Why a configuration file could not be read.
package enum ConfigurationFileError: Error, Hashable, Sendable {
    /// There is no such file.
    case notFound
    /// There is one; the reason is the system's, such as "Permission denied".
    case unreadable(reason: String)
}
