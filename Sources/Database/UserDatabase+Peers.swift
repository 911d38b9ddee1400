package import Addressing

// Rules about peers (allowed_peer_ip, denied_peer_ip), of one realm or, with an empty realm, of all.

extension UserDatabase {
    /// A rule about peers.
    package struct PeerRule: Hashable, Sendable {
        /// The realm it holds in; empty for all.
        package let realm: [UInt8]
        /// The peers it speaks of.
        package let range: AddressRange
        /// Whether it opens the range or closes it.
        package let allow: Bool

        /// Joins the parts.
        package init(realm: [UInt8] = [], range: AddressRange, allow: Bool) {
            self.realm = realm
            self.range = range
            self.allow = allow
        }
    }

    /// All rules. What is no range is left out, and added to `unusable` in words.
    package func peerRules(unusable: inout [String]) throws(DatabaseError) -> [PeerRule] {
        try peerRules(in: .allowedPeers, unusable: &unusable) + peerRules(in: .deniedPeers, unusable: &unusable)
    }

    func peerRules(in table: Table, unusable: inout [String]) throws(DatabaseError) -> [PeerRule] {
        var rules: [PeerRule] = []
        try connection.rows(of: "SELECT realm,ip_range FROM \(table.rawValue)") { row in
            if let range = try? AddressRange(parsing: row.text(1)) {
                rules.append(PeerRule(realm: row.bytes(0), range: range, allow: table == .allowedPeers))
            } else {
                unusable.append("\(table.rawValue): no range of addresses")
            }
        }
        return rules
    }

    /// Adds a rule.
    package func add(_ rule: PeerRule) throws(DatabaseError) {
        try replace(Self.table(of: rule), "realm,ip_range", [rule.realm, Self.text(of: rule)])
    }

    /// Deletes a rule; false when it is not there.
    @discardableResult
    package func delete(_ rule: PeerRule) throws(DatabaseError) -> Bool {
        var spellings: [[UInt8]] = []
        let table = Self.table(of: rule)
        try connection.rows(of: "SELECT ip_range FROM \(table.rawValue) WHERE realm = ?", [rule.realm]) { row in
            if (try? AddressRange(parsing: row.text(0))) == rule.range { spellings.append(row.bytes(0)) }
        }
        for spelling in spellings {
            _ = try delete(table, where: "realm = ? AND ip_range = ?", [rule.realm, spelling])
        }
        return !spellings.isEmpty
    }

    private static func table(of rule: PeerRule) -> Table { rule.allow ? .allowedPeers : .deniedPeers }

    /// `first-last`, which coturn reads too; it does not know blocks.
    private static func text(of rule: PeerRule) -> [UInt8] {
        let range = rule.range
        return Array((range.first == range.last ? "\(range.first)" : "\(range.first)-\(range.last)").utf8)
    }
}
