/// What the executable has to do after the arguments and the file were read.
package enum LoadOutcome: Sendable {
    /// Print this text and stop with status 0.
    case help(String)
    /// Print the version and stop with status 0.
    case version
    /// Print the report and stop, with status 0 if the server would start and `refusalStatus` otherwise.
    case report(String, wouldStart: Bool)
    /// Start the server; the problems are warnings and notes for the log.
    case run(LoadedConfiguration)
    /// Print the problems and stop with `refusalStatus`.
    case refuse([ConfigurationProblem])

    /// EX_CONFIG of sysexits.h: what is wrong is in the configuration.
    package static let refusalStatus: Int32 = 78
}
