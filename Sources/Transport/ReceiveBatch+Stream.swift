extension ReceiveBatch {
    /// Reads from a TCP connection into a free buffer, behind the bytes that an earlier read left in `remainder`, so that
    /// frames of a stream can be relayed as slices too. If bytes came, they are the last buffer, and `remainder` is
    /// empty; otherwise no buffer is taken.
    ///
    /// There must be a free buffer, and `remainder` shorter than one: the longest frame is to be bounded by that.
    package mutating func read(
        from socket: TCPSocket, after remainder: inout StreamQueue, in buffers: inout StreamBuffers
    ) -> TCPSocket.ReadResult {
        precondition(freeCount > 0 && remainder.byteCount < payloadCapacity)
        var result = TCPSocket.ReadResult.nothing
        _ = fill { output in
            buffers.copy(remainder, to: &output)
            result = socket.read(into: &output)
            if case .bytes = result {
                buffers.removeAll(from: &remainder)
            } else {
                output.removeAll()
            }
        }
        return result
    }
}
