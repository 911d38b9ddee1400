/// Whose allocations are counted together: a user of a realm. Two realms may each have a user of one name.
package struct QuotaHolder: Hashable, Sendable {
    /// REALM, byte for byte; empty on a server that asks for no credentials.
    package let realm: [UInt8]
    /// The name the user's quota counts under.
    package let name: [UInt8]

    /// Joins the two.
    package init(_ name: [UInt8], realm: [UInt8] = []) {
        self.name = name
        self.realm = realm
    }
}
