import Addressing
import Testing
import Transport

@Suite struct DatagramTests {
    @Test(arguments: ["127.0.0.1", "::1"], [0, 1, 172, 1500, 65_507])
    func datagramArrivesWhole(ip: String, byteCount: Int) throws {
        let loopback = Loopback()
        let (left, leftAddress) = try loopback.open(ip)
        let (right, rightAddress) = try loopback.open(ip)
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) }

        loopback.send(bytes, from: left, to: rightAddress)
        try loopback.receive(1, on: right)

        #expect(loopback.count == 1)
        #expect(loopback.source(0) == leftAddress)
        #expect(!loopback.isTruncated(0))
        #expect(loopback.localAddress(0) == nil)
        #expect(loopback.payload(0) == bytes)
        #expect(loopback.counters.sent == 1)
    }

    @Test func datagramLongerThanABufferIsReportedTruncated() throws {
        let loopback = Loopback(payloadCapacity: 100)
        let (socket, address) = try loopback.open("127.0.0.1")
        loopback.send([UInt8](repeating: 7, count: 101), from: socket, to: address)
        loopback.send([UInt8](repeating: 8, count: 100), from: socket, to: address)
        try loopback.receive(2, on: socket)
        #expect(loopback.isTruncated(0))
        #expect(!loopback.isTruncated(1))
        #expect(loopback.payload(1) == [UInt8](repeating: 8, count: 100))
    }

    @Test func drainedSocketGivesNothing() throws {
        let loopback = Loopback()
        let (socket, _) = try loopback.open("127.0.0.1")
        #expect(try loopback.drain(socket) == 0)
    }

    @Test func severalSocketsFillOneBatchUpToItsCapacity() throws {
        let loopback = Loopback(buffers: 4)
        let (first, firstAddress) = try loopback.open("127.0.0.1")
        let (second, secondAddress) = try loopback.open("::1")
        for number in 0..<3 {
            loopback.send([UInt8(number)], from: first, to: firstAddress)
            loopback.send([UInt8(10 + number)], from: second, to: secondAddress)
        }
        #expect(try loopback.drain(first) == 3)
        #expect(try loopback.drain(second) == 1)
        #expect(try loopback.drain(second) == 0)
        #expect((0..<4).map { loopback.payload($0) } == [[0], [1], [2], [10]])
        #expect(loopback.source(3) == secondAddress)

        loopback.receives.reset()
        #expect(try loopback.drain(second) == 2)
        #expect(loopback.payload(0) == [11])
        #expect(loopback.source(0) == secondAddress)
    }

    @Test(arguments: [("0.0.0.0", ["127.0.0.1", "127.0.0.2"]), ("::", ["::1"])])
    func answerLeavesFromTheAddressTheRequestCameTo(wildcard: String, locals: [String]) throws {
        let loopback = Loopback()
        let any = try #require(IPAddress(wildcard))
        let (listener, bound) = try loopback.open(wildcard, options: .listener(on: any))
        let (client, _) = try loopback.open(locals[0])
        for text in locals {
            let local = try #require(IPAddress(text))
            loopback.send([1], from: client, to: TransportAddress(local, port: bound.port))
            try loopback.receive(1, on: listener)
            #expect(loopback.localAddress(0) == local)

            let source = try #require(loopback.source(0))
            loopback.send([2], from: listener, to: source, source: local)
            try loopback.receive(1, on: client)
            #expect(loopback.source(1) == TransportAddress(local, port: bound.port))
            loopback.receives.reset()
        }
    }

    @Test func takenPortIsToldApart() throws {
        let loopback = Loopback()
        let (_, taken) = try loopback.open("127.0.0.1")
        let error = #expect(throws: SystemError.self) { try UDPSocket(boundTo: taken) }
        #expect(error?.isAddressInUse == true)
        #expect(error?.description.hasPrefix("bind: ") == true)

        let foreign = try #require(TransportAddress("192.0.2.1:0"))
        #expect(throws: SystemError.self) { try UDPSocket(boundTo: foreign) }
    }

    @Test func listenersShareAPort() throws {
        let loopback = Loopback()
        let ip = try #require(IPAddress("127.0.0.1"))
        let (_, address) = try loopback.open("127.0.0.1", options: .listener(on: ip))
        let (_, second) = try loopback.open("127.0.0.1", port: address.port, options: .listener(on: ip))
        #expect(second == address)
    }
}
