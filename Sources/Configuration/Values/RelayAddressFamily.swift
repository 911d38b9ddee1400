/// The family of a relay address when the client does not ask for one (`allocation-default-address-family`).
package enum RelayAddressFamily: String, Sendable, CaseIterable {
    case ipv4
    case ipv6
    /// The family over which the client came.
    case keep
}
