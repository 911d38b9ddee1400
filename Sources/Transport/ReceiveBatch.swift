package import Addressing
import CLinux
import Glibc

/// The datagrams of one turn of an event loop, each in a buffer of its own with room in front for a header and behind
/// for padding.
///
/// Several sockets fill one batch. What leaves again leaves from the same bytes: a `SendBatch` is given slices of the
/// batch, and the batch is reset when they have been sent. The buffers are one mapping; pages that no datagram ever
/// reached take no memory.
///
///     while batch.freeCount > 0, try batch.receive(from: socket) > 0 { ... }
///     sends.flush(from: batch)
///     batch.reset()
@safe
public struct ReceiveBatch: ~Copyable {
    /// Bytes that can be written in front of a payload: offsets -64 and up of a slice.
    @inlinable public static var headroom: Int { 64 }
    /// Bytes that can be written behind the longest payload.
    @inlinable public static var tailroom: Int { 64 }

    /// How many buffers there are.
    public let capacity: Int
    /// The longest payload a buffer takes.
    public let payloadCapacity: Int
    /// The distance between buffers. With usual capacities it is no power of two, so that the first bytes of all
    /// payloads do not compete for the same lines of the cache.
    @usableFromInline let stride: Int
    /// How many buffers hold a datagram; their indices are 0..<count.
    public private(set) var count = 0
    /// Which turn this is; a slice of an earlier one is not sent.
    @usableFromInline var turn: UInt32 = 0

    @usableFromInline let memory: UnsafeMutablePointer<UInt8>
    @usableFromInline let sources: UnsafeMutablePointer<SocketAddress>
    @usableFromInline let lengths: UnsafeMutablePointer<Length>
    private let messages: UnsafeMutablePointer<clinux_mmsghdr>
    private let vectors: UnsafeMutablePointer<iovec>
    private let controls: UnsafeMutablePointer<UInt8>

    /// What was received into a buffer.
    @frozen @usableFromInline
    struct Length: BitwiseCopyable {
        @usableFromInline var bytes: UInt32
        /// Of each datagram, when the kernel has joined several; 0 for one alone.
        @usableFromInline var segment: UInt16
        @usableFromInline var isTruncated: Bool
    }

    /// Maps `capacity` buffers; no UDP datagram is longer than the usual `payloadCapacity`. Ends the process if the
    /// system gives no memory, like any other allocation.
    package init(capacity: Int, payloadCapacity: Int = 65_536) {
        precondition(capacity > 0 && capacity <= 1024 && payloadCapacity > 0 && payloadCapacity <= 65_536)
        self.capacity = capacity
        self.payloadCapacity = payloadCapacity
        stride = Self.headroom + payloadCapacity + Self.tailroom
        unsafe memory = mapMemory(byteCount: capacity * stride)
        unsafe sources = .allocate(capacity: capacity)
        unsafe lengths = .allocate(capacity: capacity)
        unsafe messages = .allocate(capacity: capacity)
        unsafe vectors = .allocate(capacity: capacity)
        unsafe controls = .allocate(capacity: capacity * Int(clinux_control_size))
        unsafe sources.initialize(repeating: SocketAddress(), count: capacity)
        unsafe lengths.initialize(repeating: Length(bytes: 0, segment: 0, isTruncated: false), count: capacity)
        unsafe controls.initialize(repeating: 0, count: capacity * Int(clinux_control_size))
        for index in 0..<capacity { arm(index) }
    }

    deinit {
        unsafe munmap(memory, capacity * stride)
        unsafe sources.deallocate()
        unsafe lengths.deallocate()
        unsafe messages.deallocate()
        unsafe vectors.deallocate()
        unsafe controls.deallocate()
    }

    /// How many more datagrams fit in this turn.
    package var freeCount: Int { capacity - count }

    /// Points the message header of a buffer at everything the kernel fills in.
    private mutating func arm(_ index: Int) {
        let payload = unsafe memory + index * stride + Self.headroom
        unsafe vectors[index] = iovec(iov_base: payload, iov_len: payloadCapacity)
        unsafe messages[index] = clinux_mmsghdr()
        unsafe messages[index].header.msg_name = UnsafeMutableRawPointer(sources + index)
        unsafe messages[index].header.msg_iov = vectors + index
        unsafe messages[index].header.msg_iovlen = 1
        unsafe messages[index].header.msg_control = UnsafeMutableRawPointer(
            controls + index * Int(clinux_control_size))
        rearm(index)
    }

    /// Gives back to the kernel the two fields that it overwrites with each datagram and reads before.
    private mutating func rearm(_ index: Int) {
        unsafe messages[index].header.msg_namelen = SocketAddress.lengthIPv6
        unsafe messages[index].header.msg_controllen = Int(clinux_control_size)
    }

    /// Forgets all datagrams. Slices of them must have been flushed.
    package mutating func reset() {
        for index in 0..<count { rearm(index) }
        count = 0
        turn &+= 1
    }

    /// Receives what waits at a socket, `limit` datagrams at most, into free buffers, and returns how many came. Fewer
    /// than could have come means that the socket is drained; 0 is no error.
    package mutating func receive(from socket: UDPSocket, limit: Int = .max) throws(SystemError) -> Int {
        let room = min(limit, freeCount)
        guard room > 0 else { return 0 }
        let received = unsafe clinux_recvmmsg(socket.descriptor, messages + count, UInt32(room), 0)
        guard received >= 0 else {
            if errno == EAGAIN || errno == EINTR { return 0 }
            throw SystemError.last("recvmmsg")
        }
        for index in count..<count + Int(received) {
            unsafe sources[index].length = messages[index].header.msg_namelen
            let hasControl = unsafe messages[index].header.msg_controllen > 0
            let segment = unsafe hasControl ? clinux_segment_size(&messages[index].header) : 0
            unsafe lengths[index] = Length(
                bytes: messages[index].length, segment: UInt16(truncatingIfNeeded: segment),
                isTruncated: messages[index].header.msg_flags & CInt(MSG_TRUNC) != 0)
        }
        count += Int(received)
        return Int(received)
    }

    /// Receives one datagram, if there is one, and returns how many came. It takes less than `receive` with a limit of one:
    /// there are no message headers to be read by the kernel.
    package mutating func receiveOne(from socket: UDPSocket) throws(SystemError) -> Int {
        guard freeCount > 0 else { return 0 }
        var length = SocketAddress.lengthIPv6
        let source = unsafe UnsafeMutableRawPointer(sources + count).assumingMemoryBound(to: sockaddr.self)
        // With MSG_TRUNC the result is the length of the datagram, even if the buffer is shorter.
        let received = unsafe recvfrom(
            socket.descriptor, vectors[count].iov_base, payloadCapacity, CInt(MSG_TRUNC), source, &length)
        guard received >= 0 else {
            if errno == EAGAIN || errno == EINTR { return 0 }
            throw SystemError.last("recvfrom")
        }
        unsafe sources[count].length = length
        unsafe lengths[count] = Length(
            bytes: UInt32(min(received, payloadCapacity)), segment: 0, isTruncated: received > payloadCapacity)
        unsafe messages[count].header.msg_controllen = 0
        count += 1
        return 1
    }

    /// Lets `body` fill a free buffer by other means, such as decryption, and returns its index; nil when none is free
    /// or nothing was put in. The source of such a buffer is nil.
    package mutating func fill(_ body: (inout OutputSpan<UInt8>) -> Void) -> Int? {
        guard freeCount > 0 else { return nil }
        let payload = unsafe UnsafeMutableBufferPointer(
            start: memory + count * stride + Self.headroom, count: payloadCapacity)
        var output = unsafe OutputSpan(buffer: payload, initializedCount: 0)
        body(&output)
        let filled = unsafe output.finalize(for: payload)
        guard filled > 0 else { return nil }
        unsafe sources[count] = SocketAddress()
        unsafe lengths[count] = Length(bytes: UInt32(filled), segment: 0, isTruncated: false)
        unsafe messages[count].header.msg_controllen = 0
        count += 1
        return count - 1
    }

    /// Lets `body` put other bytes, such as a decrypted datagram, in the place of received ones, and returns where they lie.
    /// A range that ends where the received bytes do may be overwritten beyond them, up to the end of the buffer.
    package mutating func overwrite(
        _ index: Int, _ range: Range<Int>, _ body: (inout OutputSpan<UInt8>) -> Void
    ) -> Range<Int> {
        let end = range.upperBound == byteCount(index) ? payloadCapacity : range.upperBound
        let place = unsafe UnsafeMutableBufferPointer(
            start: pointer(index, range.lowerBound..<end), count: end - range.lowerBound)
        var output = unsafe OutputSpan(buffer: place, initializedCount: 0)
        body(&output)
        let filled = unsafe output.finalize(for: place)
        return range.lowerBound..<range.lowerBound + filled
    }

    /// The local address that a datagram was sent to; nil unless the socket `reportsLocalAddress`.
    package func localAddress(_ index: Int) -> IPAddress? {
        precondition(index >= 0 && index < count)
        var bytes = InlineArray<2, UInt64>(repeating: 0)
        let family = unsafe withUnsafeMutableBytes(of: &bytes) { bytes in
            unsafe clinux_local_address(
                &messages[index].header,
                bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self))
        }
        switch family {
        case AF_INET: return IPAddress(v4: UInt32(truncatingIfNeeded: bytes[0]).byteSwapped)
        case AF_INET6: return IPAddress(v6High: bytes[0].byteSwapped, low: bytes[1].byteSwapped).canonical
        default: return nil
        }
    }
}
