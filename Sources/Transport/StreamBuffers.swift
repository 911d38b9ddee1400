import CLinux
import Glibc
import Tables

/// The memory behind the `StreamQueue`s of one worker: blocks that are handed out, chained and taken back.
///
/// It is one mapping of the largest size it may have. Pages that were never needed take no memory, and the size is the
/// limit of what slow readers can make the worker keep.
@safe
package struct StreamBuffers: ~Copyable {
    /// Bytes in a block.
    static var blockSize: Int { 4096 }
    /// The index that no block has.
    static var none: UInt32 { .max }

    private let memory: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private var next = GrowableBuffer<UInt32>(repeating: none, count: 0)
    private var firstFree = none
    private var used = 0

    /// Memory for `byteCapacity` bytes of all queues together.
    package init(byteCapacity: Int = 64 << 20) {
        precondition(byteCapacity >= Self.blockSize && byteCapacity / Self.blockSize < Int(Self.none))
        capacity = byteCapacity / Self.blockSize
        unsafe memory = mapMemory(byteCount: capacity * Self.blockSize)
    }

    deinit {
        unsafe munmap(memory, capacity * Self.blockSize)
    }

    /// How many bytes the queues keep memory for.
    package var usedBytes: Int { used * Self.blockSize }

    // MARK: Filling

    /// Whose bytes they are, and so how much of the memory they may fill. What matters less leaves room for what matters
    /// more: strangers shall not be able to cut off those who are served.
    package enum Share: Sendable {
        /// The beginning of a stranger's message: half.
        case strangers
        /// Whole frames for clients that read slowly, which may be dropped: seven eighths.
        case backlog
        /// What cannot be left out without losing the connection: everything.
        case all
    }

    /// Puts all of `bytes` at the end of a queue, or none: returns false when the queue would be longer than `limit`,
    /// or when the share of the memory is used up.
    package mutating func append(
        _ bytes: Span<UInt8>, to queue: inout StreamQueue, limit: Int, share: Share = .all
    ) -> Bool {
        guard hasRoom(for: bytes.count, in: queue, limit: limit, share: share) else { return false }
        var position = 0
        while position < bytes.count {
            let end = (Int(queue.offset) + queue.byteCount) % Self.blockSize
            if end == 0 { addBlock(to: &queue) }
            let piece = bytes.extracting(position..<min(bytes.count, position + Self.blockSize - end))
            unsafe copyBytes(piece, to: block(queue.last) + end)
            queue.length += UInt32(piece.count)
            position += piece.count
        }
        return true
    }

    /// Whether `append` would take so many bytes.
    package func hasRoom(for byteCount: Int, in queue: StreamQueue, limit: Int, share: Share = .all) -> Bool {
        let total = queue.byteCount + byteCount
        guard total <= min(limit, Int(Int32.max)) else { return false }
        let wanted = Self.blockCount(offset: queue.offset, length: total)
        let owned = Self.blockCount(offset: queue.offset, length: queue.byteCount)
        return wanted == owned || wanted - owned <= blocks(of: share) - used
    }

    private func blocks(of share: Share) -> Int {
        switch share {
        case .strangers: capacity / 2
        case .backlog: capacity - capacity / 8
        case .all: capacity
        }
    }

    /// How many blocks hold `length` bytes of which the first is at `offset` of its block.
    private static func blockCount(offset: UInt32, length: Int) -> Int {
        length == 0 ? 0 : (Int(offset) + length + blockSize - 1) / blockSize
    }

    private mutating func addBlock(to queue: inout StreamQueue) {
        let index: UInt32
        if firstFree != Self.none {
            index = firstFree
            firstFree = next[Int(index)]
        } else {
            index = UInt32(next.count)
            next.append(Self.none)
        }
        next[Int(index)] = Self.none
        used += 1
        if queue.isEmpty {
            queue.first = index
        } else {
            next[Int(queue.last)] = index
        }
        queue.last = index
    }

    private func block(_ index: UInt32) -> UnsafeMutablePointer<UInt8> {
        precondition(Int(index) < next.count)
        return unsafe memory + Int(index) * Self.blockSize
    }

    // MARK: Emptying

    /// What came of flushing a queue.
    package enum FlushResult: Sendable {
        /// The kernel took everything.
        case empty
        /// The kernel takes no more now; flush again when the socket is writable.
        case blocked
        /// The connection is broken.
        case failed(SystemError)
    }

    /// Hands the bytes of a queue to the kernel, many blocks in a call.
    package mutating func flush(_ queue: inout StreamQueue, to socket: TCPSocket) -> FlushResult {
        while !queue.isEmpty {
            var vectors = unsafe InlineArray<16, iovec>(repeating: iovec())
            var gathered = 0
            let pieces = unsafe forEachPiece(of: queue, atMost: 16) { place, start, count in
                unsafe vectors[place] = iovec(iov_base: start, iov_len: count)
                gathered += count
            }
            var span = unsafe vectors.mutableSpan
            let result = unsafe span.withUnsafeMutableBufferPointer {
                unsafe socket.write(gathered: UnsafeMutableBufferPointer(rebasing: $0[..<pieces]))
            }
            switch result {
            case .failed(let error): return .failed(error)
            case .bytes(let count):
                removeFirst(count, from: &queue)
                if count < gathered { return .blocked }
            }
        }
        return .empty
    }

    /// Copies the first bytes of a queue, as many as fit, and leaves them in it.
    package func copy(_ queue: StreamQueue, to output: inout OutputSpan<UInt8>) {
        unsafe output.withUnsafeMutableBufferPointer { buffer, filled -> Void in
            unsafe forEachPiece(of: queue, atMost: .max) { _, start, count in
                let taken = min(count, buffer.count - filled)
                _ = unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled...]).update(
                    fromContentsOf: UnsafeBufferPointer(start: start, count: taken))
                filled += taken
            }
        }
    }

    /// Empties a queue.
    package mutating func removeAll(from queue: inout StreamQueue) {
        removeFirst(queue.byteCount, from: &queue)
    }

    /// Calls `body` with the first pieces of a queue that lie in one block each, and returns how many there were.
    @discardableResult
    private func forEachPiece(
        of queue: StreamQueue, atMost limit: Int,
        _ body: (_ place: Int, _ start: UnsafeMutablePointer<UInt8>, _ count: Int) -> Void
    ) -> Int {
        var place = 0
        var index = queue.first
        var offset = Int(queue.offset)
        var missing = queue.byteCount
        while missing > 0, place < limit {
            let count = min(missing, Self.blockSize - offset)
            unsafe body(place, block(index) + offset, count)
            missing -= count
            offset = 0
            index = next[Int(index)]
            place += 1
        }
        return place
    }

    /// Removes the first bytes of a queue that has so many.
    package mutating func removeFirst(_ count: Int, from queue: inout StreamQueue) {
        precondition(count <= queue.byteCount)
        queue.length -= UInt32(count)
        var gone = Int(queue.offset) + count
        while queue.first != Self.none, gone >= Self.blockSize || queue.isEmpty {
            let index = queue.first
            queue.first = next[Int(index)]
            next[Int(index)] = firstFree
            firstFree = index
            used -= 1
            gone -= Self.blockSize
        }
        if queue.isEmpty {
            queue = StreamQueue()
        } else {
            queue.offset = UInt32(gone)
        }
    }
}
