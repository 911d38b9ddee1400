extension ReceiveBatch {
    /// Reads from a TCP connection into a free buffer, behind the bytes that an earlier read left in `remainder`, so that
    /// frames of a stream can be relayed as slices too. If bytes came, they are the last buffer, and `remainder` is
    /// empty; otherwise no buffer is taken.
    ///
    /// There must be a free buffer, and `remainder` shorter than one: the longest frame is to be bounded by that.
    package mutating func read(
        from socket: TCPSocket, after remainder: inout StreamQueue, in buffers: inout StreamBuffers
    ) -> TCPSocket.ReadResult {
        var result = TCPSocket.ReadResult.nothing
        fill(after: &remainder, in: &buffers) { output in result = socket.read(into: &output) }
        return result
    }

    /// Reads from a TLS session what the session's wire holds; the rest as for a TCP connection.
    package mutating func read(
        from session: TLSSession, after remainder: inout StreamQueue, in buffers: inout StreamBuffers
    ) -> TLSSession.ReadResult {
        var result = TLSSession.ReadResult.drained
        fill(after: &remainder, in: &buffers) { output in result = session.read(into: &output) }
        return result
    }

    /// Takes as many bytes as fit; the rest as for a TCP connection.
    package mutating func read(
        from bytes: inout ArraySlice<UInt8>, after remainder: inout StreamQueue, in buffers: inout StreamBuffers
    ) {
        fill(after: &remainder, in: &buffers) { output in
            while !output.isFull, let byte = bytes.popFirst() { output.append(byte) }
        }
    }

    /// Puts all that is in a buffer at the end of a queue; false when there is no memory for it.
    package func append(_ index: Int, to queue: inout StreamQueue, in buffers: inout StreamBuffers) -> Bool {
        buffers.append(bytes(index), to: &queue, limit: .max)
    }

    /// Copies the first bytes of a queue into a free buffer, as many as it holds, and leaves them in the queue.
    package mutating func copy(_ queue: StreamQueue, in buffers: borrowing StreamBuffers) {
        precondition(freeCount > 0)
        _ = fill { output in buffers.copy(queue, to: &output) }
    }

    private mutating func fill(
        after remainder: inout StreamQueue, in buffers: inout StreamBuffers, _ read: (inout OutputSpan<UInt8>) -> Void
    ) {
        precondition(freeCount > 0 && remainder.byteCount < payloadCapacity)
        _ = fill { output in
            buffers.copy(remainder, to: &output)
            read(&output)
            if output.count > remainder.byteCount {
                buffers.removeAll(from: &remainder)
            } else {
                output.removeAll()
            }
        }
    }
}
