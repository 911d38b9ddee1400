import Addressing
import Glibc
import Testing
import Transport

@Suite struct StreamTests {
    @Test(arguments: ["127.0.0.1", "::1"])
    func connectionCarriesBytesBothWays(ip: String) throws {
        let pair = try StreamPair(ip)
        #expect(try pair.server.peerAddress() == pair.clientAddress)
        #expect(try pair.client.peerAddress() == pair.server.localAddress())
        try pair.client.setNoDelay()

        #expect(pair.write([1, 2, 3], to: pair.client) == 3)
        try pair.waitToRead(pair.server)
        #expect(pair.read(pair.server) == [1, 2, 3])
        #expect(pair.write([4, 5], to: pair.server) == 2)
        try pair.waitToRead(pair.client)
        #expect(pair.read(pair.client) == [4, 5])
    }

    @Test func remainderStandsInFrontOfTheNextRead() throws {
        let pair = try StreamPair("127.0.0.1")
        #expect(pair.write([1, 2, 3, 4], to: pair.client) == 4)
        try pair.waitToRead(pair.server)
        #expect(pair.read(pair.server) == [1, 2, 3, 4])
        pair.keep([3, 4])
        #expect(pair.read(pair.server) == nil)
        #expect(pair.remainder.byteCount == 2)

        #expect(pair.write([5], to: pair.client) == 1)
        try pair.waitToRead(pair.server)
        #expect(pair.read(pair.server) == [3, 4, 5])
        #expect(pair.remainder.isEmpty)
        #expect(pair.buffers.usedBytes == 0)
    }

    @Test func endAndResetAreTold() throws {
        let pair = try StreamPair("127.0.0.1")
        pair.client.shutdownWriting()
        try pair.waitToRead(pair.server)
        guard case .end = pair.readResult(pair.server) else {
            Issue.record("the end was not seen")
            return
        }
        #expect(pair.server.pendingError() == nil)
    }

    @Test func refusedConnectionIsAPendingError() throws {
        let reserved = try TCPListener(boundTo: try #require(TransportAddress("127.0.0.1:0")))
        let address = try reserved.localAddress()
        reserved.close()
        do throws(SystemError) {
            let socket = try TCPSocket(connectingTo: address)
            defer { socket.close() }
            var epoll = try Epoll()
            try epoll.add(socket.descriptor, .write, token: EventToken(kind: 0))
            let count = try epoll.wait(timeoutMilliseconds: 5000)
            #expect(count == 1)
            #expect(epoll.event(0).isBroken && epoll.event(0).isWritable)
            #expect(socket.pendingError()?.code == ECONNREFUSED)
            #expect(socket.pendingError() == nil)
        } catch {
            #expect(error.code == ECONNREFUSED)
        }
    }

    @Test func queueHoldsWhatTheKernelDoesNotTake() throws {
        let pair = try StreamPair("127.0.0.1")
        var queue = StreamQueue()
        var expected: [UInt8] = []
        var isBlocked = false
        while !isBlocked {
            let frame = (0..<60_001).map { UInt8(truncatingIfNeeded: expected.count + $0 * 7) }
            let added = pair.buffers.append(frame.span, to: &queue, limit: 100_000)
            #expect(added)
            expected += frame
            if case .blocked = pair.buffers.flush(&queue, to: pair.server) { isBlocked = true }
        }
        let kept = queue.byteCount
        #expect(kept > 0)
        let refused = [UInt8](repeating: 0, count: 100_001 - kept)
        let added = pair.buffers.append(refused.span, to: &queue, limit: 100_000)
        #expect(!added)
        #expect(queue.byteCount == kept)

        var received: [UInt8] = []
        while received.count < expected.count {
            try pair.waitToRead(pair.client)
            received += try #require(pair.read(pair.client))
            if case .failed(let error) = pair.buffers.flush(&queue, to: pair.server) { throw error }
        }
        #expect(received == expected)
        #expect(queue.isEmpty)
        #expect(pair.buffers.usedBytes == 0)
    }

    @Test func queuesShareOneLimit() throws {
        let pair = try StreamPair("127.0.0.1")
        pair.buffers = StreamBuffers(byteCapacity: 3 * 4096)
        var first = StreamQueue()
        var second = StreamQueue()
        let big = [UInt8](repeating: 1, count: 5000)
        #expect(pair.append(big, to: &first))
        #expect(!pair.append(big, to: &second))
        #expect(second.isEmpty)
        #expect(pair.append([1], to: &second))
        #expect(pair.append([UInt8](repeating: 2, count: 3192), to: &first))
        #expect(!pair.append([3], to: &first))
        pair.buffers.removeAll(from: &first)
        #expect(pair.append([UInt8](repeating: 2, count: 4095), to: &second))
        #expect(pair.append(big, to: &second))
        pair.buffers.removeAll(from: &second)
        #expect(pair.buffers.usedBytes == 0)
    }

    @Test func strangersAndBacklogsLeaveRoom() {
        var buffers = StreamBuffers(byteCapacity: 16 * 4096)
        let byte: [UInt8] = [1]
        var queues = [StreamQueue](repeating: StreamQueue(), count: 17)
        let shares: [(StreamBuffers.Share, upTo: Int)] = [(.strangers, 8), (.backlog, 14), (.all, 16)]
        var used = 0
        for (share, most) in shares {
            while buffers.append(byte.span, to: &queues[used], limit: .max, share: share) { used += 1 }
            #expect(used == most)
        }
        for index in queues.indices { buffers.removeAll(from: &queues[index]) }
        #expect(buffers.usedBytes == 0)
    }

    @Test("P11: of a queue longer than a buffer the first part is copied, and stays until it is removed")
    func partsOfALongQueue() throws {
        var receives = ReceiveBatch(capacity: 1)
        var buffers = StreamBuffers(byteCapacity: 1 << 20)
        var queue = StreamQueue()
        let bytes = (0..<3 * receives.payloadCapacity / 2).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let isTaken = buffers.append(bytes.span, to: &queue, limit: .max)
        #expect(isTaken)
        receives.copy(queue, in: buffers)
        let capacity = receives.payloadCapacity
        #expect(receives.byteCount(0) == capacity && queue.byteCount == bytes.count)
        #expect(receives.copy(0) == Array(bytes[..<capacity]))
        buffers.removeFirst(capacity - 5, from: &queue)
        receives.reset()
        receives.copy(queue, in: buffers)
        #expect(receives.copy(0) == Array(bytes[(capacity - 5)...]))
        buffers.removeFirst(queue.byteCount, from: &queue)
        #expect(queue.isEmpty && buffers.usedBytes == 0)
    }
}
