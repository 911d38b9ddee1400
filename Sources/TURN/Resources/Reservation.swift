import Addressing
import Timing

/// A port held for a second allocation (EVEN-PORT with R, RFC 8656 §7.2): the one above an even port, until a client
/// brings the token or the time is over. It counts against its user's quota like an allocation.
struct Reservation: Sendable {
    /// Which relay address the port belongs to.
    let poolIndex: Int
    /// The held port.
    let port: UInt16
    /// Who asked for it, and alone may claim it.
    let holder: QuotaHolder
    /// When it lapses.
    let expiry: Instant
}
