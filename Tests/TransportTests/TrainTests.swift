import Addressing
import Testing
import Transport

/// Runs of datagrams of one size to one destination leave as one train (UDP_SEGMENT).
@Suite struct TrainTests {
    private func datagrams(_ sizes: [Int]) -> [[UInt8]] {
        sizes.enumerated().map { number, size in
            (0..<size).map { UInt8(truncatingIfNeeded: number * 31 + $0) }
        }
    }

    @Test(
        "Datagrams of every pattern of sizes arrive one by one, in order and whole",
        arguments: [
            [172, 172, 172, 172, 172, 172, 172, 172], [1200, 1200, 1200, 40], [40, 1200, 1200], [1, 1, 2, 2, 1],
            [0, 0, 5, 5, 0, 5], [1400, 1400, 1400, 1399, 1400, 1400],
        ])
    func trainsArriveAsDatagrams(sizes: [Int]) throws {
        for ip in ["127.0.0.1", "::1"] {
            let loopback = Loopback()
            let (sender, _) = try loopback.open(ip)
            let (receiver, address) = try loopback.open(ip)
            let sent = datagrams(sizes)
            for datagram in sent { #expect(loopback.queue(datagram, from: sender, to: address)) }
            loopback.flush()
            #expect(loopback.counters.calls == 1)
            #expect(loopback.counters.sent == UInt64(sizes.count))
            try loopback.receive(sizes.count, on: receiver)
            #expect(sent.indices.map { loopback.payload($0) } == sent)
        }
    }

    @Test("A train keeps to its destination and its source")
    func trainsDoNotMix() throws {
        let loopback = Loopback()
        let (sender, _) = try loopback.open("0.0.0.0", options: .listener(on: .any(.ipv4)))
        let (first, firstAddress) = try loopback.open("127.0.0.1")
        let (second, secondAddress) = try loopback.open("127.0.0.1")
        let sources = try ["127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.2"].map { try #require(IPAddress($0)) }
        for (number, source) in sources.enumerated() {
            #expect(loopback.queue([UInt8(number)], from: sender, to: firstAddress, source: source))
        }
        for number in 4..<8 { #expect(loopback.queue([UInt8(number)], from: sender, to: secondAddress)) }
        loopback.flush()
        try loopback.receive(4, on: first)
        #expect((0..<4).map { loopback.receives.source($0)?.ip } == sources)
        try loopback.receive(4, on: second)
        #expect((4..<8).map { loopback.payload($0) } == [[4], [5], [6], [7]])
    }

    @Test("More datagrams than a train takes leave in several")
    func longRuns() throws {
        let loopback = Loopback(buffers: 256)
        var sends = SendBatch(capacity: 200)
        let (sender, _) = try loopback.open("127.0.0.1")
        let (receiver, address) = try loopback.open("127.0.0.1")
        for number in 0..<200 {
            let added = sends.append(copying: [UInt8(number)].span, to: SocketAddress(address), on: sender)
            #expect(added)
        }
        sends.flush(from: loopback.receives)
        #expect(sends.counters.sent == 200)
        try loopback.receive(200, on: receiver)
        #expect((0..<200).map { loopback.payload($0) } == (0..<200).map { [UInt8($0)] })
    }

    @Test("A train that is refused is sent again in single datagrams, each counted for itself")
    func refusedTrain() throws {
        let loopback = Loopback()
        let (socket, address) = try loopback.open("127.0.0.1")
        for number: UInt8 in 0..<3 { #expect(loopback.queue([number], from: socket, to: address.with(port: 0))) }
        for number: UInt8 in 3..<5 { #expect(loopback.queue([number], from: socket, to: address)) }
        loopback.flush()
        #expect(loopback.counters.refused == 3)
        #expect(loopback.counters.sent == 2)
        try loopback.receive(2, on: socket)
        #expect((0..<2).map { loopback.payload($0) } == [[3], [4]])
    }

    @Test(
        "A train is received into one buffer, and each datagram of it is found there", arguments: ["127.0.0.1", "::1"])
    func joinedDatagrams(ip: String) throws {
        let loopback = Loopback()
        var options = UDPSocket.Options()
        options.joinsDatagrams = true
        let (sender, _) = try loopback.open(ip)
        let (receiver, address) = try loopback.open(ip, options: options)
        let sent = datagrams([1200, 1200, 1200, 40, 7])
        for datagram in sent { #expect(loopback.queue(datagram, from: sender, to: address)) }
        loopback.flush()

        // The last is longer than what a train of the others may end in, and comes alone.
        try loopback.receive(2, on: receiver)
        #expect(loopback.receives.byteCount(0) == 3640)
        var found: [[UInt8]] = []
        for buffer in 0..<2 {
            var start = 0
            while start < loopback.receives.byteCount(buffer) {
                let range = loopback.receives.datagram(at: start, in: buffer)
                found.append(loopback.receives.copy(buffer, range))
                start = range.upperBound
            }
        }
        #expect(found == sent)
    }
}
