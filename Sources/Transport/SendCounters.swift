/// What became of the datagrams given to a `SendBatch`. Totals only ever grow.
package struct SendCounters: Sendable, BitwiseCopyable {
    /// Datagrams the kernel took.
    package var sent: UInt64 = 0
    /// Datagrams dropped because the socket's buffer was full.
    package var droppedFull: UInt64 = 0
    /// Datagrams the kernel refused, each for itself: no route, too long, not permitted.
    package var refused: UInt64 = 0
    /// System calls made to send them.
    package var calls: UInt64 = 0
    /// The errno of the last refusal; 0 when there was none.
    package var lastRefusal: CInt = 0
}
