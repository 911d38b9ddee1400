extension ReceiveBatch {
    /// Names bytes of a batch for a `SendBatch`, without holding a pointer to them. Good for the turn it was made in.
    @frozen
    public struct Slice: BitwiseCopyable {
        @usableFromInline let index: UInt32
        @usableFromInline let offset: Int32
        /// How many bytes it names.
        @usableFromInline let byteCount: UInt32
        @usableFromInline let turn: UInt32

        @inlinable
        init(index: Int, range: Range<Int>, turn: UInt32) {
            self.index = UInt32(truncatingIfNeeded: index)
            offset = Int32(truncatingIfNeeded: range.lowerBound)
            byteCount = UInt32(truncatingIfNeeded: range.count)
            self.turn = turn
        }
    }

    /// Names some bytes of a buffer; offsets as in `bytes(_:_:)`.
    @inlinable
    public func slice(_ index: Int, _ range: Range<Int>) -> Slice {
        _ = unsafe pointer(index, range)
        return Slice(index: index, range: range, turn: turn)
    }

    /// Where the bytes of a slice lie, for the message header that sends them.
    func base(of slice: Slice) -> UnsafeMutablePointer<UInt8> {
        precondition(slice.turn == turn)
        let start = Int(slice.offset)
        return unsafe pointer(Int(slice.index), start..<start + Int(slice.byteCount))
    }

    /// The bytes of a slice, without the first `start`.
    @_lifetime(borrow self)
    func bytes(of slice: Slice, from start: Int) -> Span<UInt8> {
        precondition(slice.turn == turn && start <= Int(slice.byteCount))
        let first = Int(slice.offset)
        return bytes(Int(slice.index), first + start..<first + Int(slice.byteCount))
    }

    /// The address of a payload as a number, by which a test sees that nothing was copied.
    package func memoryAddress(of index: Int) -> UInt {
        unsafe UInt(bitPattern: pointer(index, 0..<0))
    }
}
