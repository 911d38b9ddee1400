import TURN

// How a worker finds its way back to a client: a listener's place for UDP, a connection's place and generation for TCP.

extension ClientPath {
    private static let connectionFlag: UInt64 = 1 << 63

    /// The way over a UDP listener.
    init(listener: UInt32) {
        self.init(rawValue: UInt64(listener))
    }

    /// The way over a TCP connection.
    init(connection: UInt32, generation: UInt32) {
        self.init(rawValue: Self.connectionFlag | UInt64(generation & 0x7FFF_FFFF) << 32 | UInt64(connection))
    }

    /// Whether it is a connection.
    var isConnection: Bool { rawValue & Self.connectionFlag != 0 }

    /// The place in the worker's table.
    var index: UInt32 { UInt32(truncatingIfNeeded: rawValue) }

    /// Whether the connection at that place is still the one that was meant.
    func means(_ generation: UInt32) -> Bool {
        UInt32(truncatingIfNeeded: rawValue >> 32) & 0x7FFF_FFFF == generation & 0x7FFF_FFFF
    }
}
