package import Addressing

/// The two addresses and two ports on which NAT behaviour discovery rests (RFC 5780 §6): four places that clients can be
/// answered from, of which they have asked one.
package struct AlternateAddresses: Sendable {
    /// Two addresses of one family.
    package struct Pair: Sendable, Equatable {
        let first: IPAddress
        let second: IPAddress

        /// Joins two addresses.
        package init(_ first: IPAddress, _ second: IPAddress) {
            self.first = first
            self.second = second
        }
    }

    private let pairs: [Pair]
    private let port: UInt16
    private let alternatePort: UInt16

    /// At most one pair for each family, and the ports that all of them listen on.
    package init(_ pairs: [Pair], port: UInt16, alternatePort: UInt16) {
        self.pairs = pairs
        self.port = port
        self.alternatePort = alternatePort
    }

    /// The place that shares neither address nor port with the one that was asked; nil when that is none of the four.
    func other(than asked: TransportAddress) -> TransportAddress? {
        guard let pair = pairs.first(where: { $0.first == asked.ip || $0.second == asked.ip }),
            asked.port == port || asked.port == alternatePort
        else { return nil }
        return TransportAddress(
            asked.ip == pair.first ? pair.second : pair.first, port: asked.port == port ? alternatePort : port)
    }
}
