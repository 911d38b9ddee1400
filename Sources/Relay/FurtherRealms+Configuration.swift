import Accounts
import Configuration
import Database
import TURN

// What the user database adds to the configuration, realm by realm.

extension Accounts {
    /// The accounts of a realm: those of the database, and those of the file, which hold in every realm as in coturn. Of two
    /// users of one name that of the file counts.
    convenience init(
        _ configuration: ServerConfiguration, _ database: DatabaseSnapshot, _ added: AddedAccounts = AddedAccounts(),
        realm: [UInt8]
    ) {
        let stored = database.realms[realm] ?? DatabaseSnapshot.Realm()
        self.init(
            realm: realm,
            users: stored.users.map { StaticUser(name: $0.name, secret: .key($0.key)) }
                + configuration.users.filter { realm == configuration.realm || $0.isGoodInEveryRealm }
                .map { StaticUser($0) } + added.users.values,
            // Secrets that nobody asks for open nothing: they may be left over in a database.
            secrets: configuration.staticAuthSecrets + (configuration.useAuthSecret ? stored.secrets : [])
                + added.secrets.map(\.value),
            restSeparator: configuration.restSeparator, knowsUserhashes: configuration.userhash)
    }
}

extension ConfiguredUser {
    /// A key is made for one realm; a password serves all.
    fileprivate var isGoodInEveryRealm: Bool {
        guard case .password = secret else { return false }
        return true
    }
}

extension FurtherRealms {
    /// The realms that pages are shown; one that no page is shown is nobody's.
    init(_ configuration: ServerConfiguration, _ addressing: RelayAddressing, _ database: DatabaseSnapshot) {
        let serves = !configuration.ignoresDatabaseRealms && configuration.relayAccess == .credentials
        let names = serves ? Set(database.origins.values).subtracting([configuration.realm, []]) : []
        self.init(
            names.map { name in
                Realm(
                    accounts: Accounts(configuration, database, realm: name),
                    peerPolicy: PeerPolicy(configuration, addressing, database, realm: name))
            }, origins: database.origins.filter { names.contains($0.value) })
    }
}

extension RelayResources.Limits {
    /// The limits of the configuration, and those that realms have of their own.
    init(_ configuration: ServerConfiguration, _ database: DatabaseSnapshot) {
        self.init(userQuota: configuration.userQuota, totalQuota: configuration.totalQuota)
        sessionBytesPerSecond = configuration.maxBytesPerSecond
        userBytesPerSecond = configuration.maxBytesPerSecondPerUser
        capacityBytesPerSecond = configuration.capacityBytesPerSecond
        guard !configuration.ignoresDatabaseRealms else { return }
        for (name, realm) in database.realms where !realm.options.isEmpty {
            realms[name] = OfRealm(
                userQuota: realm.options[.userQuota], totalQuota: realm.options[.totalQuota],
                sessionBytesPerSecond: realm.options[.maximumBytesPerSecond])
        }
    }
}
