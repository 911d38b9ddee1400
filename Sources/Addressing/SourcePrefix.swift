/// What counts as one source: an IPv4 address, or the /64 of an IPv6 address, of which a single host has all addresses.
package struct SourcePrefix: Hashable, Sendable {
    /// The bits that all addresses of the source have in common.
    package let bits: UInt64
    /// The family of the addresses.
    package let family: IPAddress.Family

    /// The source that an address belongs to.
    package init(_ address: IPAddress) {
        bits = address.family == .ipv4 ? address.low : address.high
        family = address.family
    }
}
