import TURN
import Transport

/// A relayed address that takes connections (RFC 6062 §5.1).
struct RelayListener: BitwiseCopyable {
    let socket: TCPListener
    let allocation: AllocationID

    /// Fills slots of the table that were never used.
    static let none = RelayListener(socket: .none, allocation: AllocationID(index: .max, generation: 0))
}
