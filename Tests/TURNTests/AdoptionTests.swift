import Accounts
import Addressing
import Cryptography
import STUN
import TURN
import TestBench
import Testing

@Suite("Other settings while sessions go on")
struct AdoptionTests {
    let bench = Bench()
    let peer = "5.6.7.8:9000"

    private static func deny(_ range: String) -> PeerPolicy {
        PeerPolicy(
            rules: [range].compactMap { text in
                (try? AddressRange(parsing: text)).map { PeerRule(.deny, $0, origin: "denied-peer-ip, test") }
            })
    }

    @Test("A peer that is denied now loses its permission and channel at once; others keep theirs")
    func judgedAnew() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        let other = "6.6.7.8:9000"
        for (number, each) in [(0x4000, peer), (0x4001, other)] as [(UInt16, String)] {
            #expect(try alice.bind(number, to: each).isSuccess)
        }
        #expect(try alice.permit("5.6.7.9:1").isSuccess)
        bench.reload { $0.peerPolicy = Self.deny("5.6.7.0/24") }
        #expect(bench.engine.permissionCount == 1)
        #expect(bench.engine.channelCount == 1)
        for denied in [peer, "5.6.7.9:1"] {
            #expect(bench.datagram([1], from: denied, to: relayed) == nil)
            #expect(alice.send([1], to: denied).relayed == nil)
        }
        #expect(bench.datagram([1], from: other, to: relayed) != nil)
        #expect(alice.send([1], to: other).relayed != nil)
        #expect(try alice.permit(peer).error == 403)
        #expect(try alice.bind(0x4000, to: peer).error == 403)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        bench.clean()
        #expect(bench.isEmpty)
    }

    @Test("Each permission that ends is told with the rule that ended it")
    func told() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.permit(peer).isSuccess)
        bench.reload { $0.peerPolicy = Self.deny("5.6.7.8") }
        let denials = bench.host.events.compactMap { event -> String? in
            guard case .peerDenied(let fiveTuple, let username, let denied, let rule) = event else { return nil }
            #expect(fiveTuple == alice.fiveTuple && username == alice.username)
            return "\(denied) \(rule.origin)"
        }
        #expect(denials == ["5.6.7.8 denied-peer-ip, test"])
    }

    @Test("A peer that becomes an address of this server keeps its relay ports alone")
    func relayPortsOnly() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        #expect(try alice.bind(0x4001, to: "5.6.7.8:50000").isSuccess)
        bench.reload { $0.peerPolicy = PeerPolicy(rules: [], relayAddresses: [Bench.ip("5.6.7.8")]) }
        #expect(bench.engine.permissionCount == 1)
        #expect(bench.engine.channelCount == 1)
        #expect(bench.datagram([1], from: peer, to: relayed) == nil)
        #expect(bench.datagram([1], from: "5.6.7.8:50000", to: relayed) != nil)
        #expect(alice.send([1], to: peer).relayed == nil)
    }

    @Test("A session outlives its user, its realm and all credentials, and its client is asked for the realm it knows")
    func usersGo() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        for accounts in [Accounts(realm: Bench.realm), Accounts(realm: [1, 2, 3], users: Bench.users)] {
            bench.reload { $0.authentication = .longTerm(accounts) }
            alice.nonce = nil
            let challenge = try alice.answer(to: alice.bare(.refresh))
            #expect(challenge.error == 401)
            #expect(challenge.value(.realm) == Bench.realm)
            alice.nonce = challenge.value(.nonce)
            #expect(try alice.refresh().isSuccess)
            #expect(try alice.permit(peer).isSuccess)
        }
        #expect(bench.datagram([1], from: peer, to: relayed) != nil)
        // A stranger is asked for the new realm, and a new allocation needs an account.
        let newcomer = bench.client(at: "90.0.0.7:1")
        #expect(try newcomer.answer(to: newcomer.bare(.allocate)).value(.realm) == [1, 2, 3])
        #expect(try newcomer.allocate().error == 401)
    }

    @Test("New users, secrets and nonce settings hold from the next request on")
    func newUsers() throws {
        let dora = bench.client("dora")
        #expect(try dora.allocate().error == 401)
        let user = StaticUser(name: Array("dora".utf8), secret: .password(Array("dora-pass".utf8)))
        bench.reload {
            $0.authentication = .longTerm(Accounts(realm: Bench.realm, users: [user]))
            $0.nonceLifetimeSeconds = 10
        }
        #expect(try dora.allocate().isSuccess)
        bench.advance(seconds: 11)
        #expect(try dora.answer(to: dora.message(.refresh)).error == 438)
        #expect(try dora.refresh().isSuccess)
    }

    @Test("Lower quotas end nothing and let nobody in; counts stay exact")
    func quotas() throws {
        let clients = (1...4).map { bench.client(at: "90.0.0.\($0):1") }
        for client in clients { _ = try client.relayed() }
        bench.resources.limit(to: RelayResources.Limits(userQuota: 2))
        #expect(try bench.client(at: "90.0.0.9:1").allocate().error == 486)
        for client in clients { #expect(try client.refresh().isSuccess) }
        for client in clients.dropLast() { #expect(try client.refresh(lifetime: 0).isSuccess) }
        #expect(bench.resources.usage.allocations == 1)
        #expect(try bench.client(at: "90.0.0.9:1").allocate().isSuccess)
        #expect(try bench.client(at: "90.0.0.8:1").allocate().error == 486)
        bench.resources.limit(to: RelayResources.Limits())
        #expect(try bench.client(at: "90.0.0.8:1").allocate().isSuccess)
    }

    @Test("Tickets of mobility and nonces outlive a reload that keeps their keys")
    func keysStay() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        let nonce = alice.nonce
        bench.reload { $0.maximumPermissions = 7 }
        #expect(try alice.answer(to: alice.message(.refresh)).isSuccess)
        #expect(alice.nonce == nonce)
    }
}
