import Addressing
import Testing
import Transport

/// Sockets on the loopback interface for one test, and the batches to drive them.
final class Loopback {
    var receives: ReceiveBatch
    var sends = SendBatch(capacity: 64)
    private var sockets: [UDPSocket] = []

    init(buffers: Int = 64, payloadCapacity: Int = 65_536) {
        receives = ReceiveBatch(capacity: buffers, payloadCapacity: payloadCapacity)
    }

    deinit {
        for socket in sockets { socket.close() }
    }

    /// Opens a socket that is closed at the end of the test, and gives its address too.
    func open(
        _ ip: String, port: UInt16 = 0, options: UDPSocket.Options = UDPSocket.Options()
    ) throws -> (socket: UDPSocket, address: TransportAddress) {
        let ip = try #require(IPAddress(ip))
        let socket = try UDPSocket(boundTo: TransportAddress(ip, port: port), options: options)
        sockets.append(socket)
        return (socket, try socket.localAddress())
    }

    /// Adds copied bytes to the batch; tells whether there was room.
    func queue(
        _ bytes: [UInt8], from socket: UDPSocket, to address: TransportAddress, source: IPAddress? = nil,
        dontFragment: Bool = false
    ) -> Bool {
        sends.append(
            copying: bytes.span, to: SocketAddress(address), on: socket, from: source, dontFragment: dontFragment)
    }

    /// Sends copied bytes at once.
    func send(
        _ bytes: [UInt8], from socket: UDPSocket, to address: TransportAddress, source: IPAddress? = nil
    ) {
        #expect(queue(bytes, from: socket, to: address, source: source))
        flush()
    }

    /// Sends part of a received datagram at once.
    func forward(_ index: Int, _ range: Range<Int>, from socket: UDPSocket, to address: TransportAddress) {
        let slice = receives.slice(index, range)
        let added = sends.append(slice, to: SocketAddress(address), on: socket)
        #expect(added)
        flush()
    }

    /// Sends what is queued.
    func flush() {
        sends.flush(from: receives)
    }

    /// Receives what is there already.
    func drain(_ socket: UDPSocket) throws -> Int {
        try receives.receive(from: socket)
    }

    /// Waits until `count` more datagrams have come to a socket.
    func receive(_ count: Int, on socket: UDPSocket) throws {
        var epoll = try Epoll()
        try epoll.add(socket.descriptor, .read, token: EventToken(kind: 1))
        var missing = count
        while missing > 0 {
            let events = try epoll.wait(timeoutMilliseconds: 5000)
            try #require(events == 1, "\(missing) datagrams did not come")
            missing -= try receives.receive(from: socket, limit: missing)
        }
    }

    func fill(_ bytes: [UInt8]) -> Int? {
        receives.fill { output in
            for byte in bytes { output.append(byte) }
        }
    }

    func payload(_ index: Int) -> [UInt8] { receives.copy(index) }
    func source(_ index: Int) -> TransportAddress? { receives.source(index) }
    func localAddress(_ index: Int) -> IPAddress? { receives.localAddress(index) }
    func isTruncated(_ index: Int) -> Bool { receives.isTruncated(index) }
    func memoryAddress(_ index: Int) -> UInt { receives.memoryAddress(of: index) }
    func vectorAddresses(_ count: Int) -> [UInt] { sends.vectorAddresses(count) }
    var count: Int { receives.count }
    var queuedCount: Int { sends.count }
    var counters: SendCounters { sends.counters }
}
