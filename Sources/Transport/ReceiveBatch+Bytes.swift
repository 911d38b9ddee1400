public import Addressing

extension ReceiveBatch {
    /// Where a datagram came from; nil only for a buffer that was claimed.
    @inlinable
    public func source(_ index: Int) -> TransportAddress? {
        precondition(index >= 0 && index < count)
        return unsafe sources[index].transportAddress
    }

    /// How many bytes were received.
    @inlinable
    public func byteCount(_ index: Int) -> Int {
        precondition(index >= 0 && index < count)
        return unsafe Int(lengths[index].bytes)
    }

    /// Where the datagram lies that begins at `start` of a buffer. Usually that is all of it; a socket that `joinsDatagrams`
    /// puts several into one buffer, one behind the other, of which only the last may be shorter.
    ///
    /// There is room for a header in front of the first only: in front of any other lies the one before.
    @inlinable
    public func datagram(at start: Int, in index: Int) -> Range<Int> {
        let end = byteCount(index)
        let segment = unsafe Int(lengths[index].segment)
        return start..<(segment > 0 && segment < end - start ? start + segment : end)
    }

    /// Whether the datagram was longer than a buffer, so that its end is lost.
    @inlinable
    public func isTruncated(_ index: Int) -> Bool {
        precondition(index >= 0 && index < count)
        return unsafe lengths[index].isTruncated
    }

    /// The bytes that were received.
    @inlinable
    @_lifetime(borrow self)
    public func bytes(_ index: Int) -> Span<UInt8> {
        bytes(index, 0..<byteCount(index))
    }

    /// Some bytes of a buffer. Offsets count from the first received byte; negative ones lie in the headroom.
    @inlinable
    @_lifetime(borrow self)
    public func bytes(_ index: Int, _ range: Range<Int>) -> Span<UInt8> {
        let start = unsafe UnsafePointer(pointer(index, range))
        let span = unsafe Span(_unsafeStart: start, count: range.count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The same bytes, to be written. The headroom, the payload and the tailroom may all be.
    @inlinable
    @_lifetime(&self)
    public mutating func mutableBytes(_ index: Int, _ range: Range<Int>) -> MutableSpan<UInt8> {
        let span = unsafe MutableSpan(_unsafeStart: pointer(index, range), count: range.count)
        return unsafe _overrideLifetime(span, mutating: &self)
    }

    /// Writes 32 bits in network order at an offset from the first received byte: at -4, the header of ChannelData.
    @inlinable
    public mutating func write(_ word: UInt32, at offset: Int, in index: Int) {
        let bytes = unsafe UnsafeMutableRawPointer(pointer(index, offset..<offset + 4))
        unsafe bytes.storeBytes(of: word.bigEndian, as: UInt32.self)
    }

    /// Copies bytes to an offset from the first received byte.
    package mutating func write(_ bytes: Span<UInt8>, at offset: Int, in index: Int) {
        unsafe copyBytes(bytes, to: pointer(index, offset..<offset + bytes.count))
    }

    /// The place of a range in memory, checked to lie in its buffer.
    @inlinable
    func pointer(_ index: Int, _ range: Range<Int>) -> UnsafeMutablePointer<UInt8> {
        precondition(index >= 0 && index < count)
        precondition(range.lowerBound >= -Self.headroom)
        precondition(range.upperBound <= payloadCapacity + Self.tailroom)
        return unsafe memory + index * stride + Self.headroom + range.lowerBound
    }
}
