import Addressing
import Glibc
import Testing
import Transport

@Suite struct SendBatchTests {
    @Test func sliceIsSentFromWhereItWasReceived() throws {
        let loopback = Loopback()
        let (client, _) = try loopback.open("127.0.0.1")
        let (relay, relayAddress) = try loopback.open("127.0.0.1")
        let (peer, peerAddress) = try loopback.open("127.0.0.1")
        loopback.send([0x40, 0x00, 0x00, 0x03, 1, 2, 3, 0], from: client, to: relayAddress)
        try loopback.receive(1, on: relay)

        loopback.forward(0, 4..<7, from: relay, to: peerAddress)
        #expect(loopback.vectorAddresses(1) == [loopback.memoryAddress(0) + 4])

        try loopback.receive(1, on: peer)
        #expect(loopback.payload(1) == [1, 2, 3])
    }

    @Test func headerIsWrittenIntoTheHeadroom() throws {
        let loopback = Loopback()
        let (peer, _) = try loopback.open("::1")
        let (relay, relayAddress) = try loopback.open("::1")
        let (client, clientAddress) = try loopback.open("::1")
        loopback.send([9, 8, 7], from: peer, to: relayAddress)
        try loopback.receive(1, on: relay)

        loopback.receives.write(0x4001_0003, at: -4, in: 0)
        loopback.receives.write([0].span, at: 3, in: 0)
        loopback.forward(0, -4..<4, from: relay, to: clientAddress)
        #expect(loopback.vectorAddresses(1) == [loopback.memoryAddress(0) - 4])

        try loopback.receive(1, on: client)
        #expect(loopback.payload(1) == [0x40, 0x01, 0x00, 0x03, 9, 8, 7, 0])
    }

    @Test func oneCallASocket() throws {
        let loopback = Loopback()
        var sockets: [UDPSocket] = []
        for _ in 0..<5 { sockets.append(try loopback.open("127.0.0.1").socket) }
        let (sink, sinkAddress) = try loopback.open("127.0.0.1")
        for number in 0..<20 {
            #expect(loopback.queue([UInt8(number)], from: sockets[number % 5], to: sinkAddress))
        }
        loopback.flush()
        #expect(loopback.counters.calls == 5)
        #expect(loopback.counters.sent == 20)
        #expect(loopback.queuedCount == 0)

        try loopback.receive(20, on: sink)
        let expected = (0..<5).flatMap { socket in (0..<4).map { [UInt8($0 * 5 + socket)] } }
        #expect((0..<20).map { loopback.payload($0) } == expected)
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func refusedDatagramDoesNotStopItsNeighbours(ip: String) throws {
        let loopback = Loopback()
        let (socket, address) = try loopback.open(ip)
        let nowhere = address.with(port: 0)
        // An IPv6 socket does not take IPv4 destinations; what an IPv4 socket refuses is a broadcast.
        let foreign = try #require(TransportAddress(ip == "::1" ? "127.0.0.1:9" : "255.255.255.255:9"))
        for (number, destination) in [nowhere, address, foreign, address, nowhere].enumerated() {
            #expect(loopback.queue([UInt8(number)], from: socket, to: destination))
        }
        loopback.flush()
        try loopback.receive(2, on: socket)
        #expect(loopback.payload(0) == [1])
        #expect(loopback.payload(1) == [3])
        #expect(loopback.counters.sent == 2)
        #expect(loopback.counters.refused == 3)
        #expect(loopback.counters.lastRefusal != 0)
    }

    @Test("A refused datagram costs one call, and a second one only where sockets tell of earlier datagrams")
    func refusalIsAskedForOnce() throws {
        for asksTwice in [false, true] {
            let loopback = Loopback()
            loopback.sends = SendBatch(capacity: 8, asksTwice: asksTwice)
            let (socket, address) = try loopback.open("127.0.0.1")
            // Each longer than the one before, so that they are no train.
            for size in 1...3 {
                let bytes = [UInt8](repeating: 1, count: size)
                #expect(loopback.queue(bytes, from: socket, to: address.with(port: 0)))
            }
            loopback.flush()
            #expect(loopback.counters.refused == 3)
            #expect(loopback.counters.calls == (asksTwice ? 6 : 3))
        }
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func dontFragmentIsForOneDatagram(ip: String) throws {
        let loopback = Loopback()
        let (socket, address) = try loopback.open(ip)
        for number: UInt8 in 0..<3 {
            #expect(loopback.queue([number], from: socket, to: address, dontFragment: number == 1))
        }
        loopback.flush()
        #expect(loopback.counters.calls == 3)
        try loopback.receive(3, on: socket)
        #expect((0..<3).map { loopback.payload($0) } == [[0], [1], [2]])
        // Both leave DF clear; see UDPSocket.setDontFragment.
        let clear = ip == "::1" ? IPV6_PMTUDISC_DONT : IP_PMTUDISC_OMIT
        #expect(dontFragmentMode(of: socket, isIPv6: ip == "::1") == clear)
    }

    private func dontFragmentMode(of socket: UDPSocket, isIPv6: Bool) -> CInt {
        var mode: CInt = -1
        var length = socklen_t(MemoryLayout<CInt>.size)
        let level = CInt(isIPv6 ? IPPROTO_IPV6 : IPPROTO_IP)
        let option = isIPv6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER
        _ = unsafe getsockopt(socket.descriptor, level, option, &mode, &length)
        return mode
    }

    @Test func sliceOfAnEarlierTurnIsNotSent() async {
        await #expect(processExitsWith: .failure) {
            let loopback = Loopback()
            let (socket, address) = try loopback.open("127.0.0.1")
            guard loopback.fill([1]) == 0 else { return }
            let slice = loopback.receives.slice(0, 0..<1)
            guard loopback.sends.append(slice, to: SocketAddress(address), on: socket) else { return }
            loopback.receives.reset()
            guard loopback.fill([2]) == 0 else { return }
            loopback.flush()
        }
    }

    @Test func filledBufferIsSentLikeAReceivedOne() throws {
        let loopback = Loopback(buffers: 2)
        let (socket, address) = try loopback.open("127.0.0.1")
        #expect(loopback.fill([]) == nil)
        #expect(loopback.fill([5, 6]) == 0)
        #expect(loopback.source(0) == nil)
        #expect(loopback.localAddress(0) == nil)
        loopback.forward(0, 0..<2, from: socket, to: address)
        try loopback.receive(1, on: socket)
        #expect(loopback.payload(1) == [5, 6])
        #expect(loopback.fill([7]) == nil)
    }

    @Test func fullBatchSaysSo() throws {
        let loopback = Loopback()
        loopback.sends = SendBatch(capacity: 2, copyCapacity: 10)
        let (socket, address) = try loopback.open("127.0.0.1")
        let six = [UInt8](repeating: 1, count: 6)
        #expect(loopback.queue(six, from: socket, to: address))
        #expect(!loopback.queue(six, from: socket, to: address))
        #expect(loopback.queue([1], from: socket, to: address))
        #expect(!loopback.queue([1], from: socket, to: address))
        loopback.flush()
        #expect(loopback.queue(six, from: socket, to: address))
    }
}
