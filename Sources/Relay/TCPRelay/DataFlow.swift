import Transport

/// One direction of two joined connections: the bytes that have left the one and not reached the other yet. There are never
/// more than a few ten thousand; until they are gone nothing is read, and so the sender's own TCP slows it down.
struct DataFlow: BitwiseCopyable {
    /// Bytes that came to this process: those behind a ConnectionBind, and all of TLS.
    var queue = StreamQueue()
    /// The pipe that holds other bytes, if there are any.
    var pipe = Pipe.none
    /// How many it holds.
    var pipeByteCount = 0
    /// The sender has ended its half.
    var hasSourceEnded = false
    /// The receiver has been told so.
    var isOver = false
    /// Bytes taken in that have not been counted yet.
    var uncounted = 0
}
