import Addressing
import STUN
import TURNClient
import Testing

@Suite("Send, Data and permissions over sockets")
struct RelayTests {
    @Test("G17, G18: relayed addresses lie in the range, at the relay address, in no order")
    func relayPorts() throws {
        try withServer { server in
            let clients = try (0..<20).map { _ in try server.client() }
            let relays = try clients.map { try $0.allocate() }
            #expect(Set(relays).count == relays.count)
            #expect(relays.allSatisfy { server.ports.relay.contains($0.port) && $0.ip == IPAddress("127.0.0.1") })
            #expect(relays.map(\.port) != relays.map(\.port).sorted())
        }
    }

    @Test("J01, J03: Send without peer, data, permission or the right family is dropped without a word")
    func incomplete() throws {
        try withServer { server in
            let client = try server.client()
            let relay = try client.allocate()
            let peer = try peer()
            try client.send([1], to: peer.address)  // no permission yet
            try client.expectSilence()
            try client.permit(peer)
            let address = ClientRequest.Attribute.xorAddress(.xorPeerAddress, peer.address)
            try client.sendIndication(address)
            try client.sendIndication(.bytes(.data, [2]))
            try client.sendIndication(.bytes(.data, []))  // pjnath's keep-alive
            try client.sendIndication(.xorAddress(.xorPeerAddress, try anyPort("::1")), .bytes(.data, [3]))
            try client.sendIndication(address, .bytes(AttributeType(rawValue: 0x7777), []), .bytes(.data, [4]))
            try client.expectSilence()
            try client.send([5], to: peer.address)
            #expect(try peer.receive() == ([5], relay))
        }
    }

    @Test("J02, J04: payloads arrive whole and unpadded, from the relayed address", arguments: ClientTransport.allCases)
    func payloads(transport: ClientTransport) throws {
        try withServer { server in
            let client = try server.client(transport)
            let relay = try client.allocate()
            let peer = try peer()
            try client.permit(peer)
            for count in [0, 1, 2, 3, 4, 5, 1472, 9000] {
                let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
                try client.send(payload, to: peer.address)
                #expect(try peer.receive() == (payload, relay))
                try peer.send(payload, to: relay)
                #expect(try client.receiveRelayed() == .indication(from: peer.address, payload))
            }
        }
    }

    @Test("J06: a Data indication has peer and data and no message integrity")
    func dataIndication() throws {
        try withServer { server in
            let client = try server.client()
            let relay = try client.allocate()
            let peer = try peer()
            try client.permit(peer)
            try peer.send([1, 2, 3], to: relay)
            let message = try client.receiveMessage()
            let reader = try MessageReader(message.span)
            #expect(reader.type == MessageType(.data, .indication))
            #expect(reader.peerAddress == .value(peer.address))
            let (hasIntegrity, data) = (reader.hasIntegrity, reader.value(of: .data)?.copied())
            #expect(!hasIntegrity)
            #expect(data == [1, 2, 3])
            #expect(message.suffix(8) == [0, 0x13, 0, 3, 1, 2, 3, 0])
        }
    }

    @Test("J07, J08: a bound channel carries what its peer sends; Send goes on working")
    func channelAndSend() throws {
        try withServer { server in
            let client = try server.client()
            let relay = try client.allocate()
            let peer = try peer()
            try client.bind(.first, to: peer)
            try peer.send([1], to: relay)
            #expect(try client.receiveRelayed() == .channel(.first, [1]))
            try client.send([2], to: peer.address)
            #expect(try peer.receive() == ([2], relay))
            try client.send([3], through: .first)
            #expect(try peer.receive() == ([3], relay))
        }
    }

    @Test("J09: Send with DONT-FRAGMENT is relayed")
    func dontFragment() throws {
        try withServer { server in
            let client = try server.client()
            let relay = try client.allocate { $0.dontFragment = true }
            let peer = try peer()
            try client.permit(peer)
            try client.send([1], to: peer.address, dontFragment: true)
            #expect(try peer.receive() == ([1], relay))
        }
    }

    @Test("J10, G18: two clients of one server reach each other through their relayed addresses")
    func hairpin() throws {
        try withServer { server in
            let (left, right) = (try server.client(), try server.client(.tcp))
            let (leftRelay, rightRelay) = (try left.allocate(), try right.allocate())
            #expect(try left.request(.createPermission(for: rightRelay)).isSuccess)
            try left.send([1], to: rightRelay)  // the right side has not permitted it yet
            try left.expectSilence()
            #expect(try right.request(.createPermission(for: leftRelay)).isSuccess)
            try left.send([2], to: rightRelay)
            guard case .indication(leftRelay, let first) = try right.receiveRelayed() else {
                Issue.record("nothing came from the left relay")
                return
            }
            #expect(first.first == 2 || first.first == 1)  // the permission may have overtaken the first datagram
            try right.send([3], to: leftRelay)
            #expect(try left.receiveRelayed() == .indication(from: rightRelay, [3]))
        }
    }

    @Test("J11: the largest datagrams pass, larger ones are dropped whole")
    func largest() throws {
        try withServer { server in
            let client = try server.client()
            let relay = try client.allocate()
            let peer = try peer()
            try client.permit(peer)
            // 65507 bytes of UDP less header, XOR-PEER-ADDRESS and the header of DATA, in fours.
            let largest = Array(repeating: UInt8(0xAB), count: 65468)
            try client.send(largest, to: peer.address)
            #expect(try peer.receive() == (largest, relay))
            try peer.send(largest, to: relay)
            #expect(try client.receiveRelayed() == .indication(from: peer.address, largest))
            try peer.send(Array(repeating: 1, count: 65507), to: relay)
            try peer.send([2], to: relay)
            #expect(try client.receiveRelayed() == .indication(from: peer.address, [2]))
        }
    }

    @Test("I03, I05: only permitted hosts get through, from any port, and only to that allocation")
    func permissions() throws {
        try withServer { server in
            let (client, other) = (try server.client(), try server.client())
            let (relay, otherRelay) = (try client.allocate(), try other.allocate())
            let (permitted, samehost) = (try peer(at: "127.0.0.8"), try peer(at: "127.0.0.8"))
            let stranger = try peer(at: "127.0.0.7")
            try client.permit(permitted)
            try stranger.send([1], to: relay)
            try samehost.send([2], to: relay)
            #expect(try client.receiveRelayed() == .indication(from: samehost.address, [2]))
            try permitted.send([3], to: relay)
            #expect(try client.receiveRelayed() == .indication(from: permitted.address, [3]))

            try permitted.send([4], to: otherRelay)
            try other.permit(stranger)
            try stranger.send([5], to: otherRelay)
            #expect(try other.receiveRelayed() == .indication(from: stranger.address, [5]))
        }
    }

    @Test("L05: clients of one family reach peers of the other")
    func acrossFamilies() throws {
        try withServer { server in
            for transport in ClientTransport.allCases {
                for (clientIP, family, peerIP) in [("::1", nil, "127.0.0.1"), ("127.0.0.1", .ipv6, "::1")]
                    as [(String, IPAddress.Family?, String)]
                {
                    let client = try server.client(transport, to: clientIP)
                    let relay = try client.allocate { $0.family = family }
                    let peer = try peer(at: peerIP)
                    #expect(relay.family == peer.address.family)
                    try client.bind(.first, to: peer)
                    try client.send([1], through: .first)
                    #expect(try peer.receive() == ([1], relay))
                    try peer.send([2], to: relay)
                    #expect(try client.receiveRelayed() == .channel(.first, [2]))
                }
            }
        }
    }
}
