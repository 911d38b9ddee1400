import Addressing
import STUN
import TURNClient
import Testing

@Suite("Streams over sockets")
struct StreamTests {
    @Test(
        "F01, F09, F11: UDP, TCP, TLS and DTLS, IPv4 and IPv6 carry data both ways",
        arguments: ClientTransport.allCases, ["127.0.0.1", "::1"])
    func transports(transport: ClientTransport, ip: String) throws {
        try withServer { server in
            let client = try server.client(transport, to: ip)
            let relay = try client.allocate()
            let peer = try peer()
            try client.permit(peer)
            try client.send([1, 2, 3], to: peer.address)
            #expect(try peer.receive() == ([1, 2, 3], relay))
            try peer.send([4, 5], to: relay)
            #expect(try client.receiveRelayed() == .indication(from: peer.address, [4, 5]))
        }
    }

    @Test("F02: a request of which each byte is a segment is answered")
    func byteByByte() throws {
        try withServer { server in
            let client = try server.client(.tcp)
            let (request, id) = client.bindingRequest()
            for byte in request { try client.send([byte]) }
            let answer = try client.receiveMessage()
            let reader = try MessageReader(answer.span)
            #expect(reader.transactionID == id)
        }
    }

    @Test("F02: a request cut in its header is answered", arguments: [1, 2, 4, 7, 8, 19])
    func cutHeader(at index: Int) throws {
        try withServer { server in
            let client = try server.client(.tcp)
            let (request, _) = client.bindingRequest()
            try client.send(Array(request[..<index]))
            // Somebody else is served meanwhile, so the first piece has surely arrived alone.
            #expect(try server.client(.tcp).request(.binding).isSuccess)
            try client.send(Array(request[index...]))
            #expect(try client.receiveMessage().count >= 32)
        }
    }

    @Test("F02, F06: fifty requests in one segment get fifty answers on the same connection")
    func pipelined() throws {
        try withServer { server in
            let client = try server.client(.tcp)
            let requests = (0..<50).map { _ in client.bindingRequest() }
            try client.send(requests.flatMap(\.0))
            var answered: Set<TransactionID> = []
            for _ in requests {
                let answer = try client.receiveMessage()
                answered.insert(try MessageReader(answer.span).transactionID)
            }
            #expect(answered == Set(requests.map(\.1)))
        }
    }

    @Test("F02, F03, K09: ChannelData of any length, with any padding, arrives as its payload alone")
    func channelData() throws {
        try withServer { server in
            let client = try server.client(.tcp)
            _ = try client.allocate()
            let peer = try peer()
            try client.bind(.first, to: peer)
            var segment: [UInt8] = []
            for count in 0...7 {
                let payload = Array(repeating: UInt8(count), count: count)
                segment += [0x40, 0, 0, UInt8(count)] + payload + Array(repeating: 0xEE, count: -count & 3)
            }
            try client.send(segment)
            for count in 0...7 {
                #expect(try peer.receive().bytes == Array(repeating: UInt8(count), count: count))
            }
        }
    }

    @Test("F04, K09, P7: the server pads its ChannelData with zeros on a stream")
    func serverPads() throws {
        try withServer { server in
            let client = try server.client(.tcp)
            let relay = try client.allocate()
            let peer = try peer()
            try client.bind(.first, to: peer)
            // Long datagrams first, so that memory used again holds no zeros.
            for count in [1200, 0, 1, 2, 3, 4, 5, 6, 7] {
                let payload = Array(repeating: UInt8(0xAA), count: count)
                try peer.send(payload, to: relay)
                let header = [0x40, 0, UInt8(count >> 8), UInt8(count & 0xFF)]
                #expect(try client.receiveFrame() == header + payload + Array(repeating: 0, count: -count & 3))
            }
        }
    }

    @Test(
        "F05: lengths near 65535 leave the stream in step, or end it",
        arguments: [65507, 65508, 65519, 65520, 65532, 65535])
    func longChannelData(length: Int) throws {
        try withServer { server in
            let client = try server.client(.tcp)
            _ = try client.allocate()
            let peer = try peer()
            try client.bind(.first, to: peer)
            do {
                try client.send(Array(repeating: 0, count: length), through: .first)
                #expect(try client.request(.binding).isSuccess)
            } catch ClientError.closed {
                // An honest end is as good.
            }
            #expect(try server.client(.tcp).request(.binding).isSuccess)
        }
    }

    @Test("F02, A07, C01, P12: a stream that is no STUN is closed")
    func notSTUN() throws {
        let cookieless: [UInt8] = [0, 1, 0, 0] + Array(repeating: 7, count: 16)
        let overrun: [UInt8] =
            [0, 1, 0, 4, 0x21, 0x12, 0xA4, 0x42] + Array(repeating: 0, count: 12) + [0x80, 0x22, 0, 9]
        let streams = [
            Array("GET / HTTP/1.1\r\n\r\n".utf8), [0xFF], [0x80, 0x46, 0x01, 0x03, 0x01], [0x16, 3, 1, 0, 5],
            [0, 1, 0, 3] + Array(repeating: 0, count: 16), cookieless, overrun,
        ]
        try withServer(.init(isSecure: false)) { server in
            for bytes in streams {
                let client = try server.client(.tcp)
                try client.send(bytes)
                #expect(throws: Never.self, "\(bytes)") { try client.waitForClose() }
            }
        }
    }

    @Test("F07: a closed stream frees its allocation at once", arguments: [false, true])
    func closeFrees(withReset: Bool) throws {
        try withServer(.init(lines: ["user-quota=1"])) { server in
            let second = try server.client()
            do {
                let first = try server.client(.tcp)
                if withReset { first.resetOnClose() }
                _ = try first.allocate()
                #expect(try second.request(.allocate()).errorCode == 486)
                withExtendedLifetime(first) {}
            }
            let deadline = ContinuousClock.now + .seconds(5)
            var response = try second.request(.allocate())
            while response.errorCode == 486, ContinuousClock.now < deadline {
                response = try second.request(.allocate())
            }
            #expect(response.errorCode == nil)
        }
    }

    @Test("F08: a client that does not read costs bounded memory and holds nobody up")
    func slowReader() throws {
        try withServer { server in
            let slow = try server.client(.tcp, receiveBufferByteCount: 4096)
            let slowRelay = try slow.allocate()
            let quick = try server.client()
            let quickRelay = try quick.allocate()
            let peer = try peer()
            try slow.permit(peer)
            try quick.permit(peer)
            let before = server.residentByteCount
            let payload = Array(repeating: UInt8(0x55), count: 1400)
            for round in 0..<500 {
                for _ in 0..<100 { try peer.send(payload, to: slowRelay) }
                try peer.send([UInt8(round & 0xFF)], to: quickRelay)
                #expect(try quick.receiveRelayed() == .indication(from: peer.address, [UInt8(round & 0xFF)]))
            }
            // 70 MB were sent.
            #expect(server.residentByteCount - before < 16 << 20)
            // What was kept arrives whole, and the stream is in step.
            for _ in 0..<3 { #expect(try slow.receiveRelayed() == .indication(from: peer.address, payload)) }
            #expect(try slow.request(.binding, withinMilliseconds: 10_000).isSuccess)
        }
    }

    @Test("F15: one address and port over UDP and over TCP are two clients")
    func fiveTuple() throws {
        try withServer { server in
            let local = try anyPort("127.0.0.1").with(port: server.ports.spare)
            let udp = try server.client(from: local)
            let tcp = try server.client(.tcp, from: local)
            #expect(udp.localAddress == tcp.localAddress)
            let relays = try [udp.allocate(), tcp.allocate()]
            #expect(relays[0] != relays[1])
            #expect(try udp.request(.refresh(lifetimeSeconds: 0)).isSuccess)
            #expect(try tcp.request(.refresh()).isSuccess)
        }
    }
}
