package import Cryptography

/// CONNECTION-ID: names a connection with a peer for as long as it lasts (RFC 6062 §6.2.1). Drawn at random, so that nobody
/// can guess one; only the remainder tells which worker has the connection, because the client may come to any of them.
package struct ConnectionID: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// The number on the wire.
    package let rawValue: UInt32

    /// Wraps a number that a client sent.
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// A random one that leads to a worker.
    package init(ownedBy place: WorkerPlace, _ random: inout RandomPool) {
        rawValue = random.next(below: .max / place.count) * place.count + place.index
    }

    /// The index of the worker that has the connection, if there is one.
    package func worker(of count: UInt32) -> UInt32 { rawValue % count }
}
