import STUN
import TURNClient
import Testing

@Suite("ChannelData over sockets")
struct ChannelTests {
    @Test("K06, K07, F03: over UDP only whole ChannelData on a bound channel is relayed, without what hangs behind it")
    func channelData() throws {
        try withServer { server in
            let client = try server.client()
            let relay = try client.allocate()
            let peer = try peer()
            try client.bind(.first, to: peer)
            try client.send([0x40, 1, 0, 1, 1])  // not bound
            try client.send([0x50, 0, 0, 1, 2])  // no channel number
            try client.send([0x40, 0, 0, 3, 1, 2])  // truncated
            try client.send([0x40, 0, 0x8A, 0xB6, 1, 2, 3])
            try client.send([0x40, 0, 0])
            try client.expectSilence()
            try client.send([0x40, 0, 0, 2, 8, 9, 0xEE, 0xEE])  // pjnath pads on UDP
            #expect(try peer.receive() == ([8, 9], relay))
            try client.send([0x40, 0, 0, 0])
            #expect(try peer.receive() == ([], relay))
        }
    }

    @Test("K09: the server does not pad its ChannelData over UDP", arguments: 0...5)
    func unpadded(count: Int) throws {
        try withServer { server in
            let client = try server.client()
            let relay = try client.allocate()
            let peer = try peer()
            try client.bind(.first, to: peer)
            let payload = Array(repeating: UInt8(7), count: count)
            try peer.send(payload, to: relay)
            #expect(try client.receiveMessage() == [0x40, 0, 0, UInt8(count)] + payload)
        }
    }

    @Test("K02: numbers above 4FFF are refused unless the option takes them", arguments: [false, true])
    func rfc5766(allowed: Bool) throws {
        try withServer(.init(lines: allowed ? ["rfc5766-channel-numbers"] : [])) { server in
            let client = try server.client()
            _ = try client.allocate()
            let peer = try peer()
            let response = try client.request(.channelBind(ChannelNumber(rawValue: 0x5000), to: peer.address))
            #expect(response.errorCode == (allowed ? nil : 400))
        }
    }
}
