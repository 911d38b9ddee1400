import Accounts
import Configuration
import TURN

extension AccountRegister {
    /// The accounts of a configuration, from which the workers have begun with `settings`.
    convenience init(_ configuration: ServerConfiguration, _ settings: EngineSettings) {
        self.init(
            realm: configuration.realm, users: configuration.users.map { StaticUser($0) },
            secrets: configuration.staticAuthSecrets, separator: configuration.restSeparator,
            takesAccounts: !configuration.noAuth && !configuration.stunOnly, authentication: settings.authentication)
    }
}
