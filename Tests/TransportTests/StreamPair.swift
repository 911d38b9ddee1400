import Addressing
import Testing
import Transport

/// Two connected TCP sockets on the loopback interface, and what is needed to read from them.
final class StreamPair {
    let client: TCPSocket
    let server: TCPSocket
    let clientAddress: TransportAddress
    var receives = ReceiveBatch(capacity: 1)
    var buffers = StreamBuffers(byteCapacity: 1 << 20)
    var remainder = StreamQueue()

    init(_ ip: String) throws {
        let listener = try TCPListener(boundTo: TransportAddress(try #require(IPAddress(ip)), port: 0))
        defer { listener.close() }
        client = try TCPSocket(connectingTo: listener.localAddress())
        var epoll = try Epoll()
        try epoll.add(listener.descriptor, .read, token: EventToken(kind: 0))
        let count = try epoll.wait(timeoutMilliseconds: 5000)
        try #require(count == 1)
        var reserve = DescriptorReserve()
        guard case .accepted(let socket, let address) = listener.accept(reserve: &reserve) else {
            throw SystemError("accept4", code: 0)
        }
        server = socket
        clientAddress = address
        #expect(try client.localAddress() == address)
    }

    deinit {
        client.close()
        server.close()
    }

    func waitToRead(_ socket: TCPSocket) throws {
        var epoll = try Epoll()
        try epoll.add(socket.descriptor, .read, token: EventToken(kind: 0))
        let count = try epoll.wait(timeoutMilliseconds: 5000)
        try #require(count == 1 && epoll.event(0).isReadable)
    }

    func write(_ bytes: [UInt8], to socket: TCPSocket) -> Int? {
        guard case .bytes(let count) = socket.write(bytes.span) else { return nil }
        return count
    }

    func readResult(_ socket: TCPSocket) -> TCPSocket.ReadResult {
        receives.reset()
        return receives.read(from: socket, after: &remainder, in: &buffers)
    }

    /// What a read gives, behind the remainder; nil when nothing came.
    func read(_ socket: TCPSocket) -> [UInt8]? {
        guard case .bytes = readResult(socket) else { return nil }
        return receives.copy(0)
    }

    /// Keeps bytes for the next read.
    func keep(_ bytes: [UInt8]) {
        #expect(append(bytes, to: &remainder))
    }

    func append(_ bytes: [UInt8], to queue: inout StreamQueue) -> Bool {
        buffers.append(bytes.span, to: &queue, limit: 1 << 20)
    }
}
