package import Accounts

/// Users who share credentials and rules about peers. What tells them from others is REALM (RFC 8489 §9.2).
package struct Realm: Sendable {
    /// Who may log in.
    package let accounts: Accounts
    /// Which peers they may reach.
    package let peerPolicy: PeerPolicy

    /// Joins the two.
    package init(accounts: Accounts, peerPolicy: PeerPolicy) {
        self.accounts = accounts
        self.peerPolicy = peerPolicy
    }
}
