/// What an option of the command line asks the program to do, beside setting a field.
package enum CommandLineAction: Hashable, Sendable {
    /// Print the help and stop.
    case help
    /// Print the version and stop.
    case version
    /// Report on the configuration and stop.
    case checkConfiguration
    /// Read this file instead of searching for one.
    case configurationFile
    /// Read no file.
    case noConfigurationFile
}
