import Configuration
import Logging
import Logs
import Relay

/// Reads the configuration again, from the file that the arguments of the program lead to, and has the server obey it: all
/// of it that can change without a restart, or, when anything is wrong with it, nothing. From any thread.
struct Reloader: Sendable {
    /// The arguments of the program, without its name.
    let arguments: [String]
    let server: RelayServer
    let log: LogWriter
    let logger: Logger

    /// Reads, obeys, and logs what has come of it.
    ///
    /// - Returns: what has changed, or why everything is as before.
    @discardableResult
    func reload() -> Result<ReloadReport, Refusal> {
        switch ConfigurationLoader.load(arguments: arguments, readFile: FileReader.read) {
        case .run(let loaded):
            logger.report(loaded.problems)
            return obey(loaded.configuration)
        case .refuse(let problems):
            logger.report(problems)
            return refuse("the problems are told above", problems.map(\.description))
        case .help, .version, .report:
            return refuse("the arguments ask for something else than a server")
        }
    }

    /// Why everything is as before.
    struct Refusal: Error {
        /// What is wrong, with file and line where there is one.
        let problems: [String]
    }

    private func obey(_ configuration: ServerConfiguration) -> Result<ReloadReport, Refusal> {
        do throws(ReloadError) {
            let report = try server.reload(configuration)
            log.level = Logger.Level(server.configuration.logLevel)
            if !report.awaitingRestart.isEmpty {
                let names = report.awaitingRestart.joined(separator: ",")
                logger.warning("settings wait for a restart", metadata: ["settings": "\(names)"])
            }
            // Last, so that whoever reads it has read what belongs to it.
            logger.notice("reloaded", metadata: ["changed": "\(report.changed.joined(separator: ","))"])
            return .success(report)
        } catch {
            return refuse(error.description)
        }
    }

    private func refuse(_ reason: String, _ problems: [String] = []) -> Result<ReloadReport, Refusal> {
        logger.error("not reloaded, everything is as before", metadata: ["reason": "\(reason)"])
        return .failure(Refusal(problems: problems.isEmpty ? [reason] : problems))
    }
}
