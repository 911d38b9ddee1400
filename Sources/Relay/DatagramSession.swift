import Addressing
import TURN
import Timing

/// A client over DTLS that has proven its address.
struct DatagramSession: BitwiseCopyable {
    /// Both ends.
    let fiveTuple: FiveTuple
    /// The listener it came to.
    let listener: UInt32
    /// When it must have sent a message for the first time.
    let deadline: Instant
    /// When it last sent a message.
    var lastHeard: Instant
    /// Whether it ever did.
    var hasSpoken = false
    /// The timer that looks after it.
    var timer: TimerWheel.TimerID = .max

    /// The client as the engine knows it.
    var client: Client { Client(fiveTuple: fiveTuple, path: ClientPath(listener: listener)) }

    /// Fills slots of the table that were never used.
    static let none = DatagramSession(
        fiveTuple: FiveTuple(
            client: TransportAddress(.any(.ipv4), port: 0), server: TransportAddress(.any(.ipv4), port: 0),
            transport: .dtls), listener: 0, deadline: .distantPast, lastHeard: .distantPast)
}
