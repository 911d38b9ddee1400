import CLinux
import Glibc
import Tables

/// The frames that leave over TCP at the end of a turn, gathered so that each connection is written to once. Each is a
/// slice of the `ReceiveBatch` and is sent from where it was received.
///
/// Connections are numbers here, with a generation that tells a closed one from the next of the same number.
@safe
package struct StreamBatch: ~Copyable {
    struct Frame: BitwiseCopyable {
        var slice: ReceiveBatch.Slice
        var generation: UInt32
    }

    private let capacity: Int
    private var chains: SocketChains
    private let frames: UnsafeMutablePointer<Frame>
    private let vectors: UnsafeMutablePointer<iovec>
    private var count = 0

    /// Room for `capacity` frames.
    package init(capacity: Int) {
        // As many vectors as one call takes (UIO_MAXIOV).
        precondition(capacity > 0 && capacity <= 1024)
        self.capacity = capacity
        chains = SocketChains(capacity: capacity)
        unsafe frames = .allocate(capacity: capacity)
        unsafe vectors = .allocate(capacity: capacity)
    }

    deinit {
        unsafe frames.deallocate()
        unsafe vectors.deallocate()
    }

    /// How many connections there are frames for; their places are 0..<connectionCount.
    package var connectionCount: Int { chains.count }

    /// The number of the connection at a place.
    package func connection(_ place: Int) -> UInt32 { UInt32(bitPattern: chains[place].descriptor) }

    /// Adds a frame; returns false when there is no room before the next `removeAll`.
    package mutating func append(
        _ slice: ReceiveBatch.Slice, to connection: UInt32, generation: UInt32
    ) -> Bool {
        guard count < capacity else { return false }
        unsafe (frames + count).initialize(to: Frame(slice: slice, generation: generation))
        chains.append(UInt32(count), descriptor: CInt(bitPattern: connection))
        count += 1
        return true
    }

    /// Hands the frames of a place to the kernel in one call.
    package mutating func write(
        _ place: Int, generation: UInt32, to socket: TCPSocket, from receives: borrowing ReceiveBatch
    ) -> TCPSocket.WriteResult {
        var gathered = 0
        var index = chains[place].first
        while index != SocketChains.none {
            let frame = unsafe frames[Int(index)]
            if frame.generation == generation {
                unsafe vectors[gathered] = iovec(
                    iov_base: receives.base(of: frame.slice), iov_len: Int(frame.slice.byteCount))
                gathered += 1
            }
            index = chains.next(after: index)
        }
        return unsafe socket.write(gathered: UnsafeMutableBufferPointer(start: vectors, count: gathered))
    }

    /// Calls `body` with the bytes of each frame of a place that a `write` did not get to, and with what is left of one
    /// that it has begun; `written` is how many bytes it took.
    package func forEachRest(
        _ place: Int, generation: UInt32, written: Int, of receives: borrowing ReceiveBatch,
        _ body: (_ rest: Span<UInt8>, _ hasBegun: Bool) -> Void
    ) {
        var written = written
        var index = chains[place].first
        while index != SocketChains.none {
            let frame = unsafe frames[Int(index)]
            index = chains.next(after: index)
            guard frame.generation == generation else { continue }
            let taken = min(written, Int(frame.slice.byteCount))
            written -= taken
            if taken < Int(frame.slice.byteCount) { body(receives.bytes(of: frame.slice, from: taken), taken > 0) }
        }
    }

    /// Forgets all frames, sent or not.
    package mutating func removeAll() {
        guard count > 0 else { return }
        chains.removeAll()
        count = 0
    }
}
