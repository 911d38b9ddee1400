import Addressing
import STUN
import TURN
import TestBench
import Testing
import Timing

@Suite("Connect")
struct ConnectTests {
    let bench = Bench { $0.relaysTCP = true }
    let peer = "5.6.7.8:9000"

    func client(_ bench: Bench? = nil, at address: String = "90.0.0.1:5000") throws -> TestClient {
        let client = (bench ?? self.bench).client(at: address, over: .tcp)
        _ = try client.relayedTCP()
        return client
    }

    @Test("M02: the reply comes when the peer has answered, with a CONNECTION-ID and the integrity of the request")
    func connects() throws {
        let alice = try client()
        alice.addsFingerprint = true
        let relayed = try #require(bench.host.sockets.values.first?.address)
        #expect(alice.connect(to: peer) == .silence)
        let begun = try #require(bench.peer(at: peer))
        #expect(bench.host.peers[begun.handle]?.local == relayed)
        let reply = try #require(bench.endConnect(to: peer))
        #expect(reply.isSuccess && reply.type.method == .connect)
        #expect(reply.connectionID == begun.id)
        #expect(reply.value(.connectionID)?.count == 4)
        #expect(reply.hasIntegrity(under: alice.key))
        #expect(reply.types.last == .fingerprint)
    }

    @Test("M02: without an allocation 437, on one for datagrams 400")
    func noAllocation() throws {
        let alice = bench.client(over: .tcp)
        try alice.takeNonce()
        #expect(alice.connect(to: peer).reply?.error == 437)
        _ = try alice.relayed()
        #expect(alice.connect(to: peer).reply?.error == 400)
        let bob = bench.client("bob")
        _ = try bob.relayed()
        #expect(bob.connect(to: peer).reply?.error == 400)
    }

    @Test("M02: without a peer, with a malformed one, or with port 0, 400")
    func noPeer() throws {
        let alice = try client()
        #expect(try alice.request(.connect).error == 400)
        #expect(try alice.request(.connect) { $0.add(.xorPeerAddress, [0, 1, 2, 3]) }.error == 400)
        #expect(alice.connect(to: "5.6.7.8:0").reply?.error == 400)
        #expect(bench.host.peers.isEmpty)
    }

    @Test(
        "M02, S3: a denied peer is 403 however it is written, and nothing is sent to it",
        arguments: ["127.0.0.1:9000", "10.0.0.1:9000", "169.254.169.254:9000", "0.0.0.0:9000"])
    func denied(peer: String) throws {
        let alice = try client()
        #expect(alice.connect(to: peer).reply?.error == 403)
        #expect(bench.host.peers.isEmpty)
        guard case .peerDenied = bench.host.events.dropLast().last else { return #expect(Bool(false), "no event") }
    }

    @Test("M02: a peer of another family is 443; addresses that carry denied ones inside are 403")
    func families() throws {
        let alice = try client()
        #expect(alice.connect(to: "[2001:4860::1]:9000").reply?.error == 443)
        let bob = bench.client("bob", at: "90.0.0.2:1", over: .tcp)
        #expect(try bob.allocateTCP { $0.add(.requestedAddressFamily, UInt32(2 << 24)) }.isSuccess)
        for peer in ["[::ffff:10.0.0.1]:9000", "[64:ff9b::a00:1]:9000", "[2002:a00:1::]:9000"] {
            #expect(bob.connect(to: peer).reply?.error == 403, "\(peer)")
        }
        #expect(bench.host.peers.isEmpty)
    }

    @Test("M02: ports below the lowest one are 403", arguments: [1, 22, 80, 443, 1023])
    func lowPorts(port: Int) throws {
        #expect(try client().connect(to: "5.6.7.8:\(port)").reply?.error == 403)
        let bench = Bench {
            $0.relaysTCP = true
            $0.lowestPeerPort = UInt16(port)
        }
        #expect(try client(bench).connect(to: "5.6.7.8:\(port)") == .silence)
    }

    @Test("M02: an allocation does not connect to itself")
    func itself() throws {
        let alice = bench.client(over: .tcp)
        let relayed = try alice.relayedTCP()
        #expect(alice.connect(to: "\(relayed)").reply?.error == 403)
    }

    @Test("M02: the same peer while a Connect is under way, while it waits, and while it is bound, 446")
    func exists() throws {
        let alice = try client()
        #expect(alice.connect(to: peer) == .silence)
        #expect(alice.connect(to: peer).reply?.error == 446)
        let id = try #require(bench.endConnect(to: peer)?.connectionID)
        #expect(alice.connect(to: peer).reply?.error == 446)
        _ = try bench.client(at: "90.0.0.1:5001", over: .tcp).bind(id)
        #expect(alice.connect(to: peer).reply?.error == 446)
        #expect(alice.connect(to: "5.6.7.8:9001") == .silence)
        // Another allocation is none of its business.
        #expect(try client(at: "90.0.0.2:1").connect(to: peer) == .silence)
        bench.engine.endConnection(id, now: bench.now.instant, host: &bench.host)
        #expect(alice.connect(to: peer) == .silence)
    }

    @Test("M02: a refused connection is 447, at once or later")
    func refused() throws {
        let alice = try client()
        #expect(alice.connect(to: peer) == .silence)
        let reply = try #require(bench.endConnect(to: peer, succeeded: false))
        #expect(reply.error == 447 && reply.hasIntegrity(under: alice.key))
        #expect(bench.host.peers.isEmpty)
        bench.host.cannotConnect = true
        #expect(alice.connect(to: peer).reply?.error == 447)
        #expect(bench.engine.peerConnectionCount == 0)
    }

    @Test("M02, 0d: a peer that does not answer is waited for 30 seconds, then 447")
    func timesOut() throws {
        let alice = try client()
        #expect(alice.connect(to: peer) == .silence)
        bench.advance(seconds: 29)
        #expect(bench.host.peers.count == 1 && bench.deliveredReply == nil)
        bench.advance(seconds: 2)
        #expect(bench.deliveredReply?.error == 447)
        #expect(bench.host.peers.isEmpty)
    }

    @Test("M02: a connection that comes about too late is no success, even before the engine has cleaned up")
    func tooLate() throws {
        let alice = try client()
        #expect(alice.connect(to: peer) == .silence)
        bench.advance(seconds: 30, cleaning: false)
        #expect(bench.endConnect(to: peer)?.error == 447)
        #expect(bench.host.peers.isEmpty)
    }

    @Test("M02, M04: an expired connection with the peer is in nobody's way, even before the engine has cleaned up")
    func expiredDoesNotBlock() throws {
        let alice = try client()
        #expect(alice.connect(to: peer) == .silence)
        _ = bench.endConnect(to: peer)
        bench.advance(seconds: 30, cleaning: false)
        #expect(alice.connect(to: peer) == .silence)
        #expect(bench.engine.peerConnectionCount == 1)
    }

    @Test("M02, S5: an allocation has so many connections and no more: 508")
    func capacity() throws {
        let bench = Bench {
            $0.relaysTCP = true
            $0.connectsPerMinute = 0
        }
        let alice = try client(bench)
        for port in 1...8 { #expect(alice.connect(to: "5.6.7.8:\(9000 + port)") == .silence) }
        #expect(alice.connect(to: peer).reply?.error == 508)
        _ = bench.endConnect(to: "5.6.7.8:9001", succeeded: false)
        #expect(alice.connect(to: peer) == .silence)
        #expect(bench.host.peers.count == 8)
    }

    @Test("P9: a user begins ten connections a minute, whatever comes of them, over all allocations")
    func rate() throws {
        let clients = try [client(), client(at: "90.0.0.1:5001")]
        for count in 0..<10 {
            let peer = "5.6.7.8:\(9000 + count)"
            #expect(clients[count % 2].connect(to: peer) == .silence)
            #expect(bench.endConnect(to: peer, succeeded: false)?.error == 447)
        }
        #expect(clients[0].connect(to: peer).reply?.error == 508)
        #expect(clients[1].connect(to: peer).reply?.error == 508)
        let bob = bench.client("bob", at: "90.0.0.3:1", over: .tcp)
        _ = try bob.relayedTCP()
        #expect(bob.connect(to: peer) == .silence)
        bench.advance(seconds: 6)
        #expect(clients[0].connect(to: peer) == .silence)
    }

    @Test("M02, H01: another user's Connect on the allocation is 441")
    func otherUser() throws {
        _ = try client()
        let bob = bench.client("bob", over: .tcp)
        try bob.takeNonce()
        #expect(bob.connect(to: peer).reply?.error == 441)
    }

    @Test("M06: an allocation that ends takes along what is under way, and answers it")
    func endsWithAllocation() throws {
        let alice = try client()
        #expect(alice.connect(to: peer) == .silence)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(bench.deliveredReply?.error == 447)
        #expect(bench.isEmpty)
    }

    @Test("M02: a server that asks for no credentials connects too, and signs nothing")
    func withoutCredentials() throws {
        let bench = Bench {
            $0.relaysTCP = true
            $0.authentication = .none
        }
        let alice = bench.client(over: .tcp)
        #expect(try alice.answer(to: alice.bare(.allocate) { $0.add(.requestedTransport, UInt32(6 << 24)) }).isSuccess)
        #expect(alice.send(alice.bare(.connect) { $0.add(.xorPeerAddress, xor: Bench.address(peer)) }) == .silence)
        let reply = try #require(bench.endConnect(to: peer))
        #expect(reply.isSuccess && reply.types == [.connectionID])
    }

    @Test("M02: behind a NAT a peer that is relayed here too is connected to where its socket is")
    func translation() throws {
        let inside = Bench.ip("10.0.0.5")
        let outside = Bench.ip("84.1.1.1")
        let bench = Bench(addresses: [RelayAddress(bound: inside, advertised: outside)]) { settings in
            settings.relaysTCP = true
            settings.addressTranslation = AddressTranslation([.init(external: outside, bound: inside)])
            settings.peerPolicy = PeerPolicy(rules: [], relayAddresses: [inside, outside])
        }
        let alice = try client(bench)
        #expect(alice.connect(to: "84.1.1.1:50000") == .silence)
        let begun = try #require(bench.host.peers.values.first)
        #expect(begun.remote == Bench.address("10.0.0.5:50000"))
        #expect(begun.local?.ip == inside)
        #expect(alice.connect(to: "84.1.1.1:9000").reply?.error == 403)
    }
}
