package import Cryptography

/// Who may log in: the users of the configuration and the secrets behind REST credentials, both at once.
///
/// A snapshot that never changes: a reload makes a new one and hands it to the workers. Usernames are compared byte by
/// byte, since different bytes can be equal as text.
package final class Accounts: Sendable {
    /// The realm of all accounts, as sent in REALM.
    package let realm: [UInt8]
    private let keys: [PasswordAlgorithm: [[UInt8]: [UInt8]]]
    private let namesByUserhash: [[UInt8]: [UInt8]]
    private let secrets: [SharedSecret]
    private let separator: UInt8
    /// Stand in for the key of a user who does not exist. Random, so nobody can compute a matching HMAC.
    private let dummyKeys: [PasswordAlgorithm: [UInt8]]

    /// Takes the users and secrets of one configuration. Of two users of one name the last counts. Users and secrets
    /// that are empty let nobody in. `restSeparator` divides the expiry from the name in REST usernames. Where nobody asks
    /// for hashes of names, `knowsUserhashes` saves to make them.
    package init(
        realm: [UInt8], users: [StaticUser] = [], secrets: [[UInt8]] = [], restSeparator: UInt8 = UInt8(ascii: ":"),
        knowsUserhashes: Bool = true
    ) {
        self.realm = realm
        var keys: [PasswordAlgorithm: [[UInt8]: [UInt8]]] = [:]
        var dummyKeys: [PasswordAlgorithm: [UInt8]] = [:]
        var random = RandomPool()
        for algorithm in PasswordAlgorithm.allCases {
            for user in users { keys[algorithm, default: [:]][user.name] = user.longTermKey(realm: realm, algorithm) }
            dummyKeys[algorithm] = (0..<algorithm.hash.byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        }
        self.keys = keys
        self.dummyKeys = dummyKeys
        var names: [[UInt8]: [UInt8]] = [:]
        for user in users where knowsUserhashes {
            if let hash = user.userhash(realm: realm) { names[hash] = user.name }
        }
        namesByUserhash = names
        self.secrets = secrets.compactMap(SharedSecret.init)
        separator = restSeparator
    }

    /// Whether there is no way to log in.
    package var isEmpty: Bool { keys.values.allSatisfy(\.isEmpty) && secrets.isEmpty }

    /// Whether every user can be told by a hash of the name. One who makes up a name with a REST secret cannot.
    package var areAllUsersListed: Bool { secrets.isEmpty }

    /// The name of the user whose USERHASH this is.
    package func username(hashed userhash: [UInt8]) -> [UInt8]? { namesByUserhash[userhash] }

    /// The long-term keys to try a message's integrity with, in order; never none.
    ///
    /// First the key of the user of that name, then, when the username carries an expiry that has not passed, one key
    /// for each shared secret. How many there are follows from the form of the username and the configuration alone: a
    /// random key stands in for that of an unknown user, who so costs the same work as a wrong password.
    package func candidateKeys(
        for username: [UInt8], _ algorithm: PasswordAlgorithm = .md5, unixSeconds: Int64
    ) -> [[UInt8]] {
        let dummyKey = dummyKeys[algorithm] ?? []
        let restKeys = restKeys(for: username, algorithm, unixSeconds: unixSeconds, otherwise: dummyKey)
        let users = keys[algorithm] ?? [:]
        if users.isEmpty, !restKeys.isEmpty { return restKeys }
        return [users[username] ?? dummyKey] + restKeys
    }

    /// The name under which a user's quota is counted: the name inside a REST username where it has one, otherwise the
    /// whole username.
    package func quotaName(of username: [UInt8]) -> [UInt8] {
        guard let name = restUsername(username)?.name, !name.isEmpty else { return username }
        return name
    }

    /// Whether a username carries a time that is over, so that no secret can help.
    package func isExpired(_ username: [UInt8], unixSeconds: Int64) -> Bool {
        restUsername(username)?.isExpired(at: unixSeconds) ?? false
    }

    /// The last second at which a username may open a session; nil when that is for ever.
    package func expiry(of username: [UInt8]) -> Int64? { restUsername(username)?.expiry }

    private func restKeys(
        for username: [UInt8], _ algorithm: PasswordAlgorithm, unixSeconds: Int64, otherwise dummyKey: [UInt8]
    ) -> [[UInt8]] {
        guard let rest = restUsername(username), !rest.isExpired(at: unixSeconds) else { return [] }
        return secrets.map { secret in
            guard let password = secret.password(for: username),
                let key = algorithm.key(username: username, realm: realm, password: password)
            else { return dummyKey }
            return key
        }
    }

    /// A username's REST form; nil where no secret makes use of it, so that a user named `1:2` stays what it is.
    private func restUsername(_ username: [UInt8]) -> RESTUsername? {
        secrets.isEmpty ? nil : RESTUsername(parsing: username, separator: separator)
    }
}
