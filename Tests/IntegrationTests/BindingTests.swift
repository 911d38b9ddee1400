import Addressing
import STUN
import TURNClient
import Testing

@Suite("Binding over sockets")
struct BindingTests {
    @Test("A16: the answer leaves from the address that was asked, on a wildcard listener")
    func replySource() throws {
        try withServer(.init(listening: ["0.0.0.0"])) { server in
            for ip in ["127.0.0.1", "127.0.0.2", "127.3.4.5"] {
                // The client takes nothing that comes from elsewhere.
                let client = try server.client(to: ip)
                #expect(try client.request(.binding).isSuccess)
                let relay = try client.allocate()
                #expect(relay.ip == IPAddress("127.0.0.1"))
            }
        }
    }

    @Test("A17, A26: Binding needs neither credentials nor FINGERPRINT, and tells where it came from")
    func binding() throws {
        try withServer { server in
            for transport in ClientTransport.allCases {
                for ip in ["127.0.0.1", "::1"] {
                    for addsFingerprint in [false, true] {
                        let client = try server.client(transport, to: ip, credentials: nil)
                        client.session.addsFingerprint = addsFingerprint
                        let response = try client.request(.binding)
                        #expect(response.isSuccess)
                        #expect(response.mappedAddress?.port == client.localAddress.port)
                        #expect(response.mappedAddress?.ip == IPAddress(ip))
                        #expect(response.hasFingerprint == addsFingerprint)
                    }
                }
            }
        }
    }

    @Test("A27: a retransmitted Binding is answered with the same bytes")
    func retransmission() throws {
        try withServer { server in
            let client = try server.client()
            let (request, _) = client.bindingRequest()
            try client.send(request)
            let first = try client.receiveMessage()
            try client.send(request)
            #expect(try client.receiveMessage() == first)
        }
    }

    @Test("A01, A02, A03, A04, A05, A06, A07, A21, B02, C01: what is no request of ours gets no answer over UDP")
    func silence() throws {
        try withServer { server in
            let client = try server.client()
            let (binding, _) = client.bindingRequest()
            func message(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
                var copy = binding
                change(&copy)
                return copy
            }
            var packets: [[UInt8]] = (0..<20).map { Array(binding[..<$0]) }
            packets += [0x00FF, 0x0013, 0x0006, 0x0007, 0x001C, 0x0101, 0x0111, 0x0103, 0x0011].map { type in
                message { $0.replaceSubrange(0..<2, with: [UInt8(type >> 8), UInt8(type & 0xFF)]) }
            }
            packets += [1, 2, 3, 4, 8].map { length in message { $0[3] = length } }
            packets.append(binding + [0, 0, 0, 0])
            packets.append(message { $0[4] ^= 1 })  // classic STUN
            for attribute in [[0x80, 0x22, 0, 9], [0x80, 0x28, 0, 4]] as [[UInt8]] {  // too long; wrong FINGERPRINT
                packets.append(message { $0[3] = 8 } + attribute + [1, 2, 3, 4])
            }
            packets += (4...255).map { first in message { $0[0] = first } }
            for packet in packets {
                try client.send(packet)
                try client.expectSilence("\(packet)")
            }
        }
    }

    @Test("R5: the server's own messages, thrown back at it, get no answer")
    func thrownBack() throws {
        try withServer { server in
            let client = try server.client()
            let peer = try peer()
            var replies = [try client.request(.binding).message]
            replies.append(try client.request(.allocate().unauthenticated).message)
            let allocation = try client.request(.allocate())
            replies.append(allocation.message)
            try client.permit(peer)
            replies.append(try client.request(.channelBind(.first, to: peer.address)).message)
            replies.append(try client.request(.channelBind(.second, to: peer.address)).message)
            replies.append(try client.request(.refresh(lifetimeSeconds: 0)).message)
            for reply in replies {
                try client.send(reply)
                try client.expectSilence("\(reply)")
            }
        }
    }
}

extension ClientRequest {
    /// The request without credentials.
    fileprivate var unauthenticated: ClientRequest {
        var request = self
        request.isAuthenticated = false
        return request
    }
}
