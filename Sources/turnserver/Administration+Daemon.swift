import Admin
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
    init(_ report: ReloadReport?) {
        self.init(isApplied: report != nil)
        changed = report?.changed ?? []
        needsRestart = report?.awaitingRestart ?? []
    }
}
