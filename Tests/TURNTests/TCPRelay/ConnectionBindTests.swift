import Accounts
import Addressing
import Cryptography
import STUN
import TURN
import TestBench
import Testing
import Timing

@Suite("ConnectionBind")
struct ConnectionBindTests {
    let bench = Bench { $0.relaysTCP = true }
    let peer = "5.6.7.8:9000"

    /// A pending connection of alice.
    func pending(_ bench: Bench? = nil) throws -> ConnectionID {
        let bench = bench ?? self.bench
        let alice = bench.client(over: .tcp)
        _ = try alice.relayedTCP()
        #expect(alice.connect(to: peer) == .silence)
        return try #require(bench.endConnect(to: peer)?.connectionID)
    }

    func dataClient(_ user: String = "alice", over transport: ClientTransport = .tcp) -> TestClient {
        bench.client(user, at: "90.0.0.1:5001", over: transport)
    }

    @Test("M05: the same user's connection is joined with the peer's, once", arguments: [ClientTransport.tcp, .tls])
    func joins(over transport: ClientTransport) throws {
        let id = try pending()
        let data = dataClient(over: transport)
        guard case .joined(let reply, let handle) = try data.bind(id) else {
            return #expect(Bool(false), "not joined")
        }
        #expect(reply.isSuccess && reply.type.method == .connectionBind)
        #expect(reply.hasIntegrity(under: data.key))
        #expect(handle == bench.peer(at: peer)?.handle)
        #expect(try bench.client(at: "90.0.0.1:5002", over: .tcp).bind(id).reply?.error == 400)
        bench.advance(seconds: 31)
        #expect(bench.host.peers.count == 1)
    }

    @Test("M05: what a permitted peer opened is bound the same way")
    func joinsAttempt() throws {
        let alice = bench.client(over: .tcp)
        let relayed = try alice.relayedTCP()
        #expect(try alice.permit(peer).isSuccess)
        let (id, _) = try #require(bench.open(from: peer, to: relayed))
        guard case .joined = try dataClient().bind(id) else { return #expect(Bool(false), "not joined") }
    }

    @Test("M05: without credentials 401, and the connection still waits")
    func unauthenticated() throws {
        let id = try pending()
        let data = dataClient()
        #expect(data.send(data.bare(.connectionBind) { $0.add(.connectionID, id.rawValue) }).reply?.error == 401)
        data.key = Array("wrong".utf8)
        #expect(try data.bind(id).reply?.error == 401)
        guard case .joined = try dataClient().bind(id) else { return #expect(Bool(false), "not joined") }
    }

    @Test("M05, P9: another user gets 441, and the connection still waits for its own")
    func otherUser() throws {
        let id = try pending()
        #expect(try dataClient("bob").bind(id).reply?.error == 441)
        guard case .joined = try dataClient().bind(id) else { return #expect(Bool(false), "not joined") }
    }

    @Test("M05: over UDP and DTLS 400", arguments: [ClientTransport.udp, .dtls])
    func datagrams(over transport: ClientTransport) throws {
        let id = try pending()
        #expect(try dataClient(over: transport).bind(id).reply?.error == 400)
    }

    @Test("M05: a missing, malformed or unknown id, and one whose Connect is still under way, 400")
    func wrongID() throws {
        let id = try pending()
        let data = dataClient()
        #expect(try data.request(.connectionBind).error == 400)
        #expect(try data.request(.connectionBind) { $0.add(.connectionID, [1, 2]) }.error == 400)
        #expect(try data.bind(ConnectionID(rawValue: id.rawValue &+ 1)).reply?.error == 400)
        let bob = bench.client("bob", at: "90.0.0.2:1", over: .tcp)
        _ = try bob.relayedTCP()
        #expect(bob.connect(to: peer) == .silence)
        let underWay = try #require(bench.host.peers.values.first { $0.connection != id }?.connection)
        #expect(try dataClient("bob").bind(underWay).reply?.error == 400)
    }

    @Test("M05: a control connection cannot become a data connection")
    func controlConnection() throws {
        let id = try pending()
        #expect(try bench.client(over: .tcp).bind(id).reply?.error == 400)
    }

    @Test("M04, M05: too late is 400, even before the engine has cleaned up")
    func tooLate() throws {
        let id = try pending()
        bench.advance(seconds: 30, cleaning: false)
        #expect(try dataClient().bind(id).reply?.error == 400)
        bench.clean()
        #expect(bench.host.peers.isEmpty)
    }

    @Test("M05, H07: a REST credential that has expired still binds what it opened")
    func expiredCredential() throws {
        let bench = Bench(secrets: ["secret"]) { $0.relaysTCP = true }
        let name = "\(bench.now.unixSeconds + 10):dora"
        let dora = restClient(bench, name, at: "90.0.0.1:5000")
        _ = try dora.relayedTCP()
        #expect(dora.connect(to: peer) == .silence)
        let id = try #require(bench.endConnect(to: peer)?.connectionID)
        bench.advance(seconds: 20)
        let data = restClient(bench, name, at: "90.0.0.1:5001")
        guard case .joined = try data.bind(id) else { return #expect(Bool(false), "not joined") }
    }

    func restClient(_ bench: Bench, _ name: String, at address: String) -> TestClient {
        let client = bench.client(at: address, over: .tcp)
        client.username = Array(name.utf8)
        let password = SharedSecret(Array("secret".utf8))?.password(for: client.username) ?? []
        client.key = PasswordAlgorithm.md5.key(username: client.username, realm: Bench.realm, password: password) ?? []
        return client
    }

    @Test("M05: an id leads to the worker that has the connection, and only there")
    func otherWorker() throws {
        let first = Bench(place: WorkerPlace(index: 0, of: 3)) { $0.relaysTCP = true }
        let third = Bench(besides: first, place: WorkerPlace(index: 2, of: 3))
        let id = try pending(third)
        #expect(id.rawValue % 3 == 2)
        let data = first.client(at: "90.0.0.1:5001", over: .tcp)
        #expect(try data.bind(id) == .handedOver(worker: 2))
        let moved = third.client(at: "90.0.0.1:5001", over: .tcp)
        // A nonce is good at every worker.
        moved.nonce = data.nonce
        guard case .joined = try moved.bind(id) else { return #expect(Bool(false), "not joined") }
        // Datagrams are not handed over, nor is a connection with an allocation.
        #expect(try first.client(at: "90.0.0.1:5002").bind(id).reply?.error == 400)
        let control = first.client(at: "90.0.0.1:5003", over: .tcp)
        _ = try control.relayedTCP()
        #expect(try control.bind(id).reply?.error == 400)
    }

    @Test("M05: ids are spread over all 32 bits, and each leads to its worker", arguments: [UInt32(1), 2, 3, 7, 1024])
    func ids(workers: UInt32) {
        var random = Bench.randomPool(7)
        let place = WorkerPlace(index: workers - 1, of: workers)
        let ids = (0..<2000).map { _ in ConnectionID(ownedBy: place, &random) }
        #expect(ids.allSatisfy { $0.worker(of: workers) == workers - 1 })
        #expect(Set(ids).count > 1990)
        for bit in 16..<32 { #expect(Set(ids.map { $0.rawValue >> UInt32(bit) & 1 }).count == 2) }
    }

    @Test("M05: the nonce of the control connection is good for its data connections, from the same address")
    func controlNonce() throws {
        let alice = bench.client(over: .tcp)
        _ = try alice.relayedTCP()
        #expect(alice.connect(to: peer) == .silence)
        let id = try #require(bench.endConnect(to: peer)?.connectionID)
        for (address, code) in [("90.0.0.2:5001", 438), ("90.0.0.1:5001", nil)] as [(String, UInt16?)] {
            let data = bench.client(at: address, over: .tcp)
            data.nonce = alice.nonce
            let outcome = try data.bind(id)
            #expect(outcome.reply?.error == code, "\(address)")
        }
        // For nothing else, and not for long.
        let other = bench.client(at: "90.0.0.1:5002", over: .tcp)
        other.nonce = alice.nonce
        #expect(other.send(other.message(.refresh)).reply?.error == 438)
        #expect(alice.connect(to: "5.6.7.8:9001") == .silence)
        let second = try #require(bench.endConnect(to: "5.6.7.8:9001")?.connectionID)
        bench.stepWallClock(seconds: 601)
        #expect(try other.bind(second).reply?.error == 438)
    }

    // MARK: - Ends

    @Test("M06: a bound connection that ends is told with what it carried, and makes room")
    func ends() throws {
        let id = try pending()
        _ = try dataClient().bind(id)
        bench.engine.countRelayed(sent: 100, received: 2000, over: id, now: bench.now.instant)
        bench.advance(seconds: 5)
        bench.engine.endConnection(id, now: bench.now.instant, host: &bench.host)
        guard case .connectionEnded(_, _, let username, let peer, let traffic, let age) = bench.host.events.last else {
            return #expect(Bool(false), "no event")
        }
        #expect(username == Array("alice".utf8) && peer == Bench.address(self.peer))
        #expect(traffic.sentBytes == 100 && traffic.receivedBytes == 2000 && age == 5)
        #expect(bench.host.peers.isEmpty)
        // Twice is once.
        bench.engine.endConnection(id, now: bench.now.instant, host: &bench.host)
        #expect(bench.engine.peerConnectionCount == 0)
    }

    @Test("M06: expiry, a Refresh with 0 and the end of the control connection close what is bound and what waits")
    func endsWithAllocation() throws {
        let endings: [(Bench, TestClient) throws -> Void] = [
            { bench, _ in bench.advance(seconds: 601) },
            { _, alice in _ = try alice.refresh(lifetime: 0) },
            { bench, alice in
                bench.engine.disconnect(alice.asSource, now: bench.now.instant, host: &bench.host)
            },
            { bench, _ in bench.engine.endAll(now: bench.now.instant, host: &bench.host) },
        ]
        for end in endings {
            let bench = Bench { $0.relaysTCP = true }
            let alice = bench.client(over: .tcp)
            let relayed = try alice.relayedTCP()
            #expect(try alice.permit(peer).isSuccess)
            let (id, _) = try #require(bench.open(from: peer, to: relayed))
            _ = bench.open(from: "5.6.7.8:9001", to: relayed)
            guard case .joined = try bench.client(at: "90.0.0.1:5001", over: .tcp).bind(id) else {
                return #expect(Bool(false), "not joined")
            }
            bench.engine.countRelayed(sent: 1, received: 2, over: id, now: bench.now.instant)
            #expect(bench.host.peers.count == 2)
            try end(bench, alice)
            #expect(bench.isEmpty)
            guard case .allocationEnded(_, _, _, let traffic, _, _) = bench.host.events.last else {
                return #expect(Bool(false), "no event")
            }
            #expect(traffic.sentBytes == 1 && traffic.receivedBytes == 2)
        }
    }

    @Test("M06: of two families only the one that is given up loses its connections")
    func families() throws {
        let alice = bench.client(over: .tcp)
        let reply = try alice.allocateTCP { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        #expect(reply.relayed.count == 2)
        #expect(alice.connect(to: peer) == .silence)
        #expect(alice.connect(to: "[2001:4860::1]:9000") == .silence)
        let released = try alice.request(.refresh) { writer in
            writer.add(.lifetime, UInt32(0))
            writer.add(.requestedAddressFamily, UInt32(2 << 24))
        }
        #expect(released.isSuccess)
        #expect(bench.host.peers.values.map(\.remote) == [Bench.address(peer)])
    }
}
