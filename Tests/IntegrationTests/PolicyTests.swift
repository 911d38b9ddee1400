import Addressing
import STUN
import TURNClient
import Testing

@Suite("Peer policy over sockets")
struct PolicyTests {
    private static let deniedIPv4 = [
        "127.0.0.2", "127.255.255.254", "0.0.0.0", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.16.0.1",
        "192.168.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    ]
    private static let deniedIPv6 = [
        "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "fc00::1", "fe80::1", "ff02::1",
    ]

    private func check(_ client: ClientConnection, _ ips: [String], code: UInt16) throws {
        for ip in ips {
            let peer = try anyPort(ip).with(port: 9)
            #expect(try client.request(.createPermission(for: peer)).errorCode == code, "\(ip)")
            #expect(try client.request(.channelBind(.first, to: peer)).errorCode == code, "\(ip)")
        }
    }

    @Test("S1, S3, CVE-2020-26262: special-purpose peers are forbidden by default, in every spelling")
    func deniedByDefault() throws {
        try withServer(.init(allowsLoopbackPeers: false)) { server in
            let client = try server.client()
            _ = try client.allocate()
            try check(client, Self.deniedIPv4, code: 403)
            try check(client, ["::1", "::ffff:127.0.0.1", "::127.0.0.1"], code: 443)
            let sixth = try server.client()
            _ = try sixth.allocate { $0.family = .ipv6 }
            try check(sixth, Self.deniedIPv6, code: 403)
        }
    }

    @Test("S1, S4: of the server's own relay address only relay ports can be reached")
    func ownAddress() throws {
        try withServer(.init(allowsLoopbackPeers: false)) { server in
            let client = try server.client()
            _ = try client.allocate()
            let peer = try peer()  // below the relay range, like every other service of the machine
            #expect(try client.request(.channelBind(.first, to: peer.address)).errorCode == 403)
            #expect(try client.request(.createPermission(for: peer.address)).errorCode == nil)
            try client.send([1], to: peer.address)
            #expect(try client.request(.binding).errorCode == nil)  // served after the Send, in the same queue
            let marker = try DatagramPeer(at: anyPort("127.0.0.1"))
            try marker.send([2], to: peer.address)
            #expect(try peer.receive() == ([2], marker.address))
        }
    }

    @Test("I02, S1: one forbidden peer in a request leaves the others without permission too")
    func allOrNothing() throws {
        try withServer { server in
            let client = try server.client()
            let relay = try client.allocate()
            let peer = try peer()
            let request = ClientRequest.createPermission(for: peer.address, try anyPort("10.1.2.3"))
            #expect(try client.request(request).errorCode == 403)
            try client.send([1], to: peer.address)
            try client.expectSilence()
            try client.permit(peer)
            try client.send([2], to: peer.address)
            #expect(try peer.receive() == ([2], relay))
        }
    }

    @Test("D04, D03: a wrong password and an unknown user get the same 401")
    func wrongCredentials() throws {
        try withServer { server in
            let strangers = [("user", "wrong"), ("nobody", "pass")].map { Credentials(username: $0, password: $1) }
            let replies = try strangers.map { stranger in
                try server.client(credentials: stranger).request(.allocate())
            }
            #expect(replies.allSatisfy { $0.errorCode == 401 })
            #expect(replies[0].attributeTypes == replies[1].attributeTypes)
            #expect(replies[0].message.count == replies[1].message.count)
        }
    }

    @Test("D06: a nonce given to one socket is of no use to another")
    func foreignNonce() throws {
        try withServer { server in
            let (first, second) = (try server.client(), try server.client())
            _ = try first.allocate()
            second.session.challenge = first.session.challenge
            let nonce = second.session.challenge?.nonce
            // The client takes the new nonce of the 438 and succeeds with that.
            _ = try second.allocate()
            #expect(second.session.challenge?.nonce != nonce)
        }
    }
}
