import STUN
import TURN
import TestBench
import Testing

@Suite("Refresh")
struct RefreshTests {
    let bench = Bench()

    @Test("H01: without an allocation 437, with integrity")
    func noAllocation() throws {
        let alice = bench.client()
        let reply = try alice.refresh()
        #expect(reply.error == 437)
        #expect(reply.types == [.errorCode, .messageIntegrity])
        #expect(reply.hasIntegrity(under: alice.key))
    }

    @Test(
        "H02: the lifetime is bounded as that of an Allocate",
        arguments: [
            (nil, 600), (5, 600), (601, 601), (3600, 3600), (3601, 3600), (UInt32.max, 3600),
        ] as [(UInt32?, UInt32)])
    func lifetime(asked: UInt32?, granted: UInt32) throws {
        let alice = bench.client()
        _ = try alice.relayed()
        let reply = try alice.refresh(lifetime: asked)
        #expect(reply.lifetime == granted)
        #expect(reply.types == [.lifetime, .messageIntegrity])
        bench.advance(seconds: granted - 1)
        #expect(bench.engine.allocations.count == 1)
        bench.advance(seconds: 2)
        #expect(bench.isEmpty)
    }

    @Test("H02: a Refresh may shorten the lifetime")
    func shorter() throws {
        let alice = bench.client()
        _ = try alice.allocate { $0.add(.lifetime, UInt32(3600)) }
        #expect(try alice.refresh(lifetime: 600).lifetime == 600)
        bench.advance(seconds: 601)
        #expect(bench.isEmpty)
    }

    @Test("H02: a LIFETIME of the wrong length gets 400 and changes nothing")
    func malformedLifetime() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.request(.refresh) { $0.add(.lifetime, [0]) }.error == 400)
        #expect(bench.engine.allocations.count == 1)
    }

    @Test("H02: lifetime zero ends everything at once: socket, port, permissions, channels, timer, quota")
    func zero() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        _ = try alice.permit("5.6.7.8:1", "5.6.7.9:1")
        _ = try alice.bind(0x4000, to: "5.6.7.8:9000")
        let reply = try alice.refresh(lifetime: 0)
        #expect(reply.lifetime == 0)
        #expect(reply.types == [.lifetime, .messageIntegrity])
        #expect(bench.isEmpty)
        #expect(bench.host.handle(at: relayed) == nil)
        #expect(alice.send([1], to: "5.6.7.8:9000") == .silence)
        #expect(alice.send([1], through: 0x4000) == .silence)
        #expect(try alice.allocate().isSuccess)
        #expect(alice.send([1], through: 0x4000) == .silence)
    }

    @Test("H03: a Refresh with lifetime zero that comes again gets 437")
    func zeroTwice() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        let bytes = alice.message(.refresh) { $0.add(.lifetime, UInt32(0)) }
        #expect(try alice.answer(to: bytes).isSuccess)
        #expect(try alice.answer(to: bytes).error == 437)
    }

    @Test("H04: the other family of a single allocation gets 443")
    func otherFamily() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        for lifetime: UInt32 in [0, 600] {
            let reply = try alice.request(.refresh) { writer in
                writer.add(.lifetime, lifetime)
                writer.add(.requestedAddressFamily, UInt32(2 << 24))
            }
            #expect(reply.error == 443)
        }
        #expect(try alice.request(.refresh) { $0.add(.requestedAddressFamily, UInt32(3 << 24)) }.error == 443)
        #expect(try alice.request(.refresh) { $0.add(.requestedAddressFamily, UInt32(1 << 24)) }.isSuccess)
        #expect(bench.engine.allocations.count == 1)
    }

    @Test("H04: of two families the named one alone is ended, and the allocation with the last of them")
    func oneOfTwo() throws {
        let alice = bench.client()
        let reply = try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        _ = try alice.permit("5.6.7.8:1", "[2a02::5]:1")
        _ = try alice.bind(0x4000, to: "5.6.7.8:9000")
        _ = try alice.bind(0x4001, to: "[2a02::5]:9000")
        func end(_ family: UInt32) throws -> Reply {
            try alice.request(.refresh) { writer in
                writer.add(.lifetime, UInt32(0))
                writer.add(.requestedAddressFamily, family << 24)
            }
        }
        #expect(try end(2).lifetime == 0)
        #expect(bench.host.sockets.count == 1)
        #expect(bench.engine.permissionCount == 1)
        #expect(bench.engine.channelCount == 1)
        #expect(alice.send([1], through: 0x4001) == .silence)
        #expect(alice.send([1], to: "[2a02::5]:9000") == .silence)
        #expect(alice.send([1], through: 0x4000).relayed != nil)
        #expect(bench.datagram([1], from: "5.6.7.8:9000", to: reply.relayed[0]) != nil)
        #expect(try alice.permit("[2a02::5]:1").error == 443)
        #expect(try end(2).error == 443)
        #expect(try end(1).lifetime == 0)
        #expect(bench.isEmpty)
        #expect(try alice.refresh().error == 437)
    }

    @Test("H04: of two families the named one alone is prolonged")
    func prolongOne() throws {
        let bench = Bench { $0.nonceLifetimeSeconds = 0 }
        let alice = bench.client()
        _ = try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        let reply = try alice.request(.refresh) { writer in
            writer.add(.lifetime, UInt32(1200))
            writer.add(.requestedAddressFamily, UInt32(2 << 24))
        }
        #expect(reply.lifetime == 1200)
        bench.advance(seconds: 601, cleaning: false)
        #expect(try alice.permit("5.6.7.8:1").error == 443)
        #expect(try alice.permit("[2a02::5]:1").isSuccess)
        bench.clean()
        #expect(bench.host.sockets.count == 1)
        bench.advance(seconds: 600)
        #expect(bench.isEmpty)
    }

    @Test("H04: lifetime zero ends the allocation at once when its other family has run out", arguments: [true, false])
    func zeroAfterHalfExpiry(cleaning: Bool) throws {
        let alice = bench.client()
        _ = try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        _ = try alice.request(.refresh) { writer in
            writer.add(.lifetime, UInt32(1200))
            writer.add(.requestedAddressFamily, UInt32(1 << 24))
        }
        bench.advance(seconds: 601, cleaning: cleaning)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(bench.isEmpty)
    }

    @Test("H04: lifetime zero without a family ends both")
    func both() throws {
        let alice = bench.client()
        _ = try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(bench.isEmpty)
    }

    @Test("H05, D19: another user gets 441 with integrity of his own key, and the allocation stays as it was")
    func otherUser() throws {
        let alice = bench.client()
        let bob = bench.client("bob")
        _ = try alice.relayed()
        for lifetime: UInt32? in [0, nil, 3600] {
            let reply = try bob.refresh(lifetime: lifetime)
            #expect(reply.error == 441)
            #expect(reply.types == [.errorCode, .messageIntegrity])
            #expect(reply.hasIntegrity(under: bob.key))
        }
        #expect(bench.engine.allocations.count == 1)
        bench.advance(seconds: 599)
        #expect(bench.engine.allocations.count == 1)
        bench.advance(seconds: 2)
        #expect(bench.isEmpty)
    }

    @Test("H06: data, CreatePermission and ChannelBind do not prolong an allocation")
    func onlyRefresh() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        for _ in 0..<6 {
            bench.advance(seconds: 99)
            #expect(try alice.permit("5.6.7.8:1").isSuccess)
            #expect(try alice.bind(0x4000, to: "5.6.7.8:9000").isSuccess)
            #expect(alice.send([1], to: "5.6.7.8:9000").relayed != nil)
            #expect(alice.send([1], through: 0x4000).relayed != nil)
            #expect(bench.datagram([1], from: "5.6.7.8:9000", to: relayed) != nil)
        }
        bench.advance(seconds: 7)
        #expect(bench.isEmpty)
    }
}
