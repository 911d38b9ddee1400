import Database
import Logging

extension DatabaseSnapshot {
    /// How much there is of everything, for the log.
    var figures: Logger.Metadata {
        [
            "users": "\(realms.values.reduce(0) { $0 + $1.users.count })",
            "secrets": "\(realms.values.reduce(0) { $0 + $1.secrets.count })",
            "realms": "\(realms.count)", "peer_rules": "\(peerRules.count)", "token_keys": "\(tokenKeys.count)",
            "unusable_rows": "\(unusable.count)",
        ]
    }
}
