import Accounts

/// The realms beside the main one. A client is shown the realm of the web page it says it comes from (ORIGIN,
/// draft-ietf-tram-stun-origin); which realm it then is in, its credentials say.
package struct FurtherRealms: Sendable {
    private let realms: [[UInt8]: Realm]
    private let names: [[UInt8]: [UInt8]]

    /// Realms, and by origin the names of those that pages are shown; without any there is only the main one.
    package init(_ realms: [Realm] = [], origins: [[UInt8]: [UInt8]] = [:]) {
        self.realms = Dictionary(realms.map { ($0.accounts.realm, $0) }) { first, _ in first }
        names = Dictionary(origins.map { (Self.canonical($0), $1) }) { first, _ in first }
    }

    /// The accounts of each.
    var accounts: [Accounts] { realms.values.map(\.accounts) }

    /// The rules about peers of each, by name.
    var peerPolicies: [[UInt8]: PeerPolicy] { realms.mapValues(\.peerPolicy) }

    /// The realm of a name.
    package subscript(name: [UInt8]) -> Realm? { realms[name] }

    /// The realm that a page's client is shown.
    func realm(of origin: [UInt8]) -> Realm? {
        guard !names.isEmpty, let name = names[Self.canonical(origin)] else { return nil }
        return realms[name]
    }

    /// Origins are compared without regard to case, and to a slash behind them (RFC 6454 §4, as coturn does).
    static func canonical(_ origin: [UInt8]) -> [UInt8] {
        let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
        let lower = origin.map { letters.contains($0) ? $0 | 0x20 : $0 }
        return lower.last == UInt8(ascii: "/") ? Array(lower.dropLast()) : lower
    }
}

extension EngineSettings {
    /// The accounts of a realm; nil when it is not served here.
    func accounts(of realm: [UInt8], beside main: Accounts) -> Accounts? {
        realm == main.realm ? main : furtherRealms[realm]?.accounts
    }

    /// The rules about peers in a realm.
    package func peerPolicy(of realm: [UInt8]) -> PeerPolicy { furtherRealms[realm]?.peerPolicy ?? peerPolicy }
}
