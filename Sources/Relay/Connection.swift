import Addressing
import TURN
import Timing
import Transport

/// A client's TCP connection, with or without TLS.
struct Connection: BitwiseCopyable {
    /// The socket.
    let socket: TCPSocket
    /// Both ends, and the transport as far as it is known.
    var fiveTuple: FiveTuple
    /// What the client speaks.
    var kind = StreamKind.undecided
    /// When the client last sent a whole message, or connected.
    var lastHeard: Instant
    /// Whether it ever did.
    var hasSpoken = false
    /// Whether it came here from another worker. It goes on to no third one.
    var wasHandedOver = false
    /// Whether it is counted among those of its source.
    var isCounted = false
    /// Whether `inbound` holds more frames than there was time for in a turn.
    var isResting = false
    /// Whether it is to be closed as soon as those are served.
    var isEnding = false
    /// Whether records of this turn wait to be sent at its end.
    var hasFreshRecords = false
    /// Whether the loop waits for room to write.
    var awaitsWriting = false
    /// The beginning of a frame that is not all there, or the frames of a connection that rests.
    var inbound = StreamQueue()
    /// Frames, or records, that the kernel did not take yet.
    var outbound = StreamQueue()
    /// The timer that looks after it.
    var timer: TimerWheel.TimerID = .max
}

extension Connection {
    /// Fills slots of the table that were never used.
    static let none = Connection(
        socket: .none,
        fiveTuple: FiveTuple(
            client: TransportAddress(.any(.ipv4), port: 0), server: TransportAddress(.any(.ipv4), port: 0),
            transport: .tcp), lastHeard: .distantPast)
}
