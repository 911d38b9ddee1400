/// Bytes of one stream that wait: to be taken by the kernel, or for the rest of their frame. The bytes are in blocks of
/// a `StreamBuffers`; an empty queue has none, so that a slab of many idle connections stays small.
package struct StreamQueue: Sendable, BitwiseCopyable {
    /// The first and the last block; `StreamBuffers.none` when the queue is empty.
    var first = StreamBuffers.none
    var last = StreamBuffers.none
    /// How many bytes of the first block are gone already.
    var offset: UInt32 = 0
    var length: UInt32 = 0

    /// An empty queue.
    package init() {}

    /// How many bytes wait.
    package var byteCount: Int { Int(length) }
    /// Whether nothing waits.
    package var isEmpty: Bool { length == 0 }
}
