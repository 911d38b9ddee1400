import Admin
import Configuration
import Logs
import Relay

extension Administration {
    /// What the admin interface may do with this process.
    init(_ server: RelayServer, reloader: Reloader, log: LogWriter) {
        self.init(
            version: Version.number, server: server,
            logLevel: LogLevelSwitch(read: { log.level }, write: { log.level = $0 }),
            reload: { ReloadOutcome(reloader.reload()) })
    }
}

extension ReloadOutcome {
    init(_ result: Result<ReloadReport, Reloader.Refusal>) {
        switch result {
        case .success(let report):
            self.init(isApplied: true)
            changed = report.changed
            needsRestart = report.awaitingRestart
        case .failure(let refusal):
            self.init(isApplied: false)
            problems = refusal.problems
        }
    }
}
