import Addressing
import Synchronization
import TURNClient

/// A hundred ports below the ephemeral range, for one server: the first to listen on (coturn takes the second too), the
/// last for a client that must choose its port, those between to relay from.
struct PortBlock: Sendable {
    /// Where the server listens.
    let listening: UInt16

    /// A port that nobody else takes, neither of UDP nor of TCP.
    var spare: UInt16 { listening + 99 }

    /// Where the relayed addresses are.
    var relay: ClosedRange<UInt16> { listening + 2...listening + 98 }

    private static let size = 100
    private static let range = 20000..<32000
    // Two test runs on one machine start at different places.
    private static let next = Atomic<Int>(.random(in: 0..<range.count / size))

    /// The next block whose first port is free.
    static func free() throws(ClientError) -> PortBlock {
        var failure = ClientError.timedOut
        for _ in 0..<range.count / size {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue % (range.count / size)
            let port = UInt16(range.lowerBound + index * size)
            do {
                _ = try DatagramPeer(at: TransportAddress(.any(.ipv4), port: port))
                return PortBlock(listening: port)
            } catch {
                failure = error
            }
        }
        throw failure
    }
}
