import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("ConnectionAttempt")
struct ConnectionAttemptTests {
    let bench = Bench { $0.relaysTCP = true }
    let peer = "5.6.7.8:9000"

    @Test("M03: a permitted peer's connection is told to the client with its address and an id")
    func told() throws {
        let alice = bench.client(over: .tcp)
        let relayed = try alice.relayedTCP()
        #expect(try alice.permit("5.6.7.8:1").isSuccess)
        let (id, attempt) = try #require(bench.open(from: peer, to: relayed))
        #expect(attempt.type.method == .connectionAttempt && attempt.type.class == .indication)
        #expect(attempt.connectionID == id)
        #expect(attempt.peer == Bench.address(peer))
    }

    @Test("M03: without a permission, or after it, the connection is closed and nobody is told")
    func noPermission() throws {
        let alice = bench.client(over: .tcp)
        let relayed = try alice.relayedTCP()
        #expect(bench.open(from: peer, to: relayed) == nil)
        #expect(try alice.permit("5.6.7.9:9000").isSuccess)
        #expect(bench.open(from: peer, to: relayed) == nil)
        #expect(try alice.permit(peer).isSuccess)
        bench.advance(seconds: 301, cleaning: false)
        #expect(bench.open(from: peer, to: relayed) == nil)
        #expect(bench.engine.drops[.noPermission] == 3)
        #expect(bench.host.delivered.isEmpty && bench.host.peers.isEmpty)
    }

    @Test("M03: an expired allocation takes no connection")
    func expired() throws {
        let alice = bench.client(over: .tcp)
        let relayed = try alice.relayedTCP()
        bench.advance(seconds: 400)
        #expect(try alice.permit(peer).isSuccess)
        bench.advance(seconds: 200, cleaning: false)
        #expect(bench.open(from: peer, to: relayed) == nil)
    }

    @Test("M03, M08: an allocation takes so many connections and no more")
    func capacity() throws {
        let alice = bench.client(over: .tcp)
        let relayed = try alice.relayedTCP()
        #expect(try alice.permit(peer).isSuccess)
        for port in 1...8 { #expect(bench.open(from: "5.6.7.8:\(port)", to: relayed) != nil) }
        #expect(bench.open(from: "5.6.7.8:9", to: relayed) == nil)
        #expect(bench.engine.drops[.tooManyConnections] == 1)
        bench.advance(seconds: 30, cleaning: false)
        #expect(bench.open(from: "5.6.7.8:9", to: relayed) != nil)
        #expect(bench.engine.peerConnectionCount == 1)
    }

    @Test("M03: from this server itself only relay ports come through")
    func relayPortsOnly() throws {
        let bench = Bench { settings in
            settings.relaysTCP = true
            settings.peerPolicy = PeerPolicy(rules: [], relayAddresses: [Bench.server.ip])
        }
        let alice = bench.client(over: .tcp)
        let relayed = try alice.relayedTCP()
        #expect(try alice.permit("84.1.1.1:1").isSuccess)
        #expect(bench.open(from: "84.1.1.1:3478", to: relayed) == nil)
        #expect(bench.open(from: "84.1.1.1:50000", to: relayed) != nil)
    }

    @Test("M04, 0d: a connection that nobody binds is closed after 30 seconds")
    func unbound() throws {
        let alice = bench.client(over: .tcp)
        let relayed = try alice.relayedTCP()
        #expect(try alice.permit(peer).isSuccess)
        _ = bench.open(from: peer, to: relayed)
        bench.advance(seconds: 29)
        #expect(bench.host.peers.count == 1)
        bench.advance(seconds: 2)
        #expect(bench.host.peers.isEmpty)
        #expect(bench.engine.peerConnectionCount == 0)
        #expect(bench.host.takeDelivered().isEmpty)
    }
}
