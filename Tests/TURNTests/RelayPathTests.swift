import Addressing
import STUN
import TURN
import TestBench
import Testing
import Timing

@Suite("Relay path")
struct RelayPathTests {
    let bench = Bench()
    let peer = "5.6.7.8:9000"

    @Test("S6: datagrams sprayed at every relayed address from a stranger reach nobody")
    func spray() throws {
        let relayed = try (1...50).map { index in
            let client = bench.client(at: "90.0.0.1:\(index)")
            let relayed = try client.relayed()
            _ = try client.permit(peer)
            return relayed
        }
        for address in relayed { #expect(bench.datagram([1], from: "5.6.7.9:9000", to: address) == nil) }
        #expect(bench.engine.drops[.noPermission] == 50)
    }

    @Test("S7: a number means what the 5-tuple it came on has bound")
    func channelsOfTwo() throws {
        let alice = bench.client()
        let bob = bench.client("bob", at: "90.0.0.2:1")
        _ = try alice.relayed()
        _ = try bob.relayed()
        _ = try alice.bind(0x4000, to: "5.6.7.8:1")
        _ = try bob.bind(0x4000, to: "5.6.7.9:2")
        #expect(alice.send([1], through: 0x4000).relayed?.peer == Bench.address("5.6.7.8:1"))
        #expect(bob.send([1], through: 0x4000).relayed?.peer == Bench.address("5.6.7.9:2"))
    }

    @Test("S7: a datagram for an allocation that has ended does not reach the next one in its place")
    func staleAllocation() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        let handle = try #require(bench.host.handle(at: relayed))
        let stale = try #require(bench.host.sockets[handle]).allocation
        _ = try alice.refresh(lifetime: 0)
        let bob = bench.client("bob", at: "90.0.0.2:1")
        _ = try bob.relayed()
        _ = try bob.permit(peer)
        let action = bench.engine.receiveFromPeer(Bench.address(peer), byteCount: 1, on: stale, now: bench.now.instant)
        guard case .drop = action else {
            Issue.record("delivered")
            return
        }
        #expect(bench.engine.drops[.noAllocation] == 1)
    }

    @Test("S8: two relayed addresses that permit each other do not bounce a datagram")
    func noBounce() throws {
        let alice = bench.client()
        let bob = bench.client("bob", at: "90.0.0.2:1")
        let first = try alice.relayed()
        let second = try bob.relayed()
        _ = try alice.bind(0x4000, to: "\(second)")
        _ = try bob.bind(0x4000, to: "\(first)")
        // One datagram in, one message out, and it goes to the client.
        #expect(alice.send([9], through: 0x4000).relayed?.peer == second)
        #expect(bench.datagram([9], from: "\(first)", to: second) == [0x40, 0, 0, 1, 9])
    }

    @Test("J07: data goes back to the client by the path and 5-tuple of its Allocate")
    func wayBack() throws {
        let alice = bench.client(over: .tls)
        let relayed = try alice.relayed()
        _ = try alice.permit(peer)
        let handle = try #require(bench.host.handle(at: relayed))
        let allocation = try #require(bench.host.sockets[handle]).allocation
        let action = bench.engine.receiveFromPeer(
            Bench.address(peer), byteCount: 1, on: allocation, now: bench.now.instant)
        guard case .dataIndication(_, let path, let fiveTuple) = action else {
            Issue.record("dropped")
            return
        }
        #expect(path == alice.asSource.path)
        #expect(fiveTuple == alice.fiveTuple)
    }

    @Test("J04: each family is sent from its own socket")
    func familySockets() throws {
        let alice = bench.client()
        _ = try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        _ = try alice.permit(peer, "[2a02::5]:1")
        for (peer, family) in [(peer, IPAddress.Family.ipv4), ("[2a02::5]:1", .ipv6)] {
            guard case .relayed(_, _, let handle, _) = alice.send([1], to: peer) else {
                Issue.record("dropped")
                continue
            }
            #expect(bench.host.sockets[handle]?.address.family == family)
        }
    }

    @Test("I2: strangers leave no state, whatever they send")
    func noState() throws {
        for index in 1...2000 {
            let stranger = bench.client("nobody", at: "91.0.\(index / 250).\(index % 250 + 1):\(index)")
            _ = stranger.send(stranger.bare(.allocate) { $0.add(.requestedTransport, UInt32(17 << 24)) })
            stranger.nonce = Array("obMatJos2AAAA000000000123456789abcdef".utf8)
            _ = stranger.send(stranger.message(.allocate))
            _ = stranger.send([1], to: peer)
            _ = stranger.send([1], through: 0x4000)
        }
        #expect(bench.isEmpty)
        #expect(bench.host.openedCount == 0)
        #expect(bench.host.events.isEmpty)
    }

    @Test("I3: no reply to a stranger is much longer than what it answers")
    func amplification() throws {
        let alice = bench.client()
        let requests: [([UInt8], Double)] = [
            (alice.bare(.binding), 1.6), (alice.bare(.allocate) { $0.add(.requestedTransport, UInt32(17 << 24)) }, 3.1),
            (alice.bare(.binding) { $0.add(AttributeType(rawValue: 0x7777), []) }, 1.6),
        ]
        for (request, factor) in requests {
            let reply = try alice.answer(to: request)
            #expect(Double(reply.bytes.count) <= factor * Double(request.count))
        }
    }
}
