import Accounts
package import TURNClient

/// Who the test clients are.
package enum Login: Hashable, Sendable {
    /// Nobody: for servers that ask for nothing.
    case none
    /// A user with a password.
    case user(name: String, password: String)
    /// A user made up from a secret shared with the server (TURN REST API).
    case secret(String)

    /// What the clients log in with. Time-limited credentials last a day from `unixSeconds` on.
    package func credentials(at unixSeconds: Int64) -> Credentials? {
        switch self {
        case .none:
            return nil
        case .user(let name, let password):
            return Credentials(username: name, password: password)
        case .secret(let secret):
            let username = Array("\(unixSeconds + 86_400):turnload".utf8)
            guard let password = SharedSecret(Array(secret.utf8))?.password(for: username) else { return nil }
            return Credentials(username: username, password: password)
        }
    }
}
