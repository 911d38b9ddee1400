/// Users and secrets that are kept outside of the configuration file: a database. What is added here is there after a
/// restart. The store tells the workers by itself (they look there, or it hands them a snapshot).
///
/// Names, realms and secrets are bytes. Methods may take their time; they run on no relay thread.
package protocol UserStore: Sendable {
    /// All users of a realm, by name.
    func users(realm: [UInt8]) async throws(UserStoreError) -> [[UInt8]]
    /// Adds a user.
    func addUser(_ name: [UInt8], password: [UInt8], realm: [UInt8]) async throws(UserStoreError)
    /// Gives a user another password.
    func setPassword(_ password: [UInt8], of name: [UInt8], realm: [UInt8]) async throws(UserStoreError)
    /// Takes a user out.
    func removeUser(_ name: [UInt8], realm: [UInt8]) async throws(UserStoreError)
    /// All secrets of a realm.
    func secrets(realm: [UInt8]) async throws(UserStoreError) -> [[UInt8]]
    /// Adds a secret.
    func addSecret(_ value: [UInt8], realm: [UInt8]) async throws(UserStoreError)
    /// Takes a secret out.
    func removeSecret(_ value: [UInt8], realm: [UInt8]) async throws(UserStoreError)
}

/// Why a `UserStore` did not do what it was asked for.
package enum UserStoreError: Error, Sendable {
    /// There is such a user or secret already.
    case exists
    /// There is none such.
    case missing
    /// There is no such realm.
    case unknownRealm
    /// The store cannot be reached or written to, for this reason.
    case unavailable(String)
}
