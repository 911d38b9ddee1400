import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("Permissions")
struct PermissionTests {
    let bench = Bench()
    let peer = "5.6.7.8:9000"

    @Test("I01: without XOR-PEER-ADDRESS 400")
    func noPeer() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.permit().error == 400)
    }

    @Test("I01: one request may name many peers, and their ports do not matter")
    func manyPeers() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        let reply = try alice.permit("5.6.7.8:0", "5.6.7.9:1", "5.6.7.10:65535", "5.6.7.8:7")
        #expect(reply.isSuccess)
        #expect(reply.types == [.messageIntegrity])
        #expect(bench.engine.permissionCount == 3)
        for port in [1, 9000, 65535] {
            #expect(bench.datagram([1], from: "5.6.7.8:\(port)", to: relayed) != nil)
            #expect(alice.send([1], to: "5.6.7.8:\(port)").relayed != nil)
        }
    }

    @Test("I01: without an allocation 437")
    func noAllocation() throws {
        #expect(try bench.client().permit(peer).error == 437)
    }

    @Test("I02, I08: an address of the wrong family gets 443")
    func wrongFamily() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        for peer in ["[2a02::5]:1", "[::1]:1", "[::ffff:5.6.7.8]:1", "[::ffff:127.0.0.1]:1", "[2002:506:708::]:1"] {
            #expect(try alice.permit(peer).error == 443)
            #expect(try alice.bind(0x4000, to: peer).error == 443)
        }
        let bob = bench.client("bob", at: "90.0.0.2:1")
        _ = try bob.relayed { $0.add(.requestedAddressFamily, UInt32(2 << 24)) }
        #expect(try bob.permit(peer).error == 443)
        #expect(try bob.permit("[2a02::5]:1").isSuccess)
    }

    @Test("I02: all or nothing: one bad address and none is permitted")
    func allOrNothing() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.permit(peer, "10.0.0.1:1").error == 403)
        #expect(try alice.permit(peer, "[2a02::5]:1").error == 443)
        let malformed = try alice.request(.createPermission) { writer in
            writer.add(.xorPeerAddress, xor: Bench.address(peer))
            writer.add(.xorPeerAddress, [0, 1, 2, 3])
        }
        #expect(malformed.error == 400)
        #expect(bench.engine.permissionCount == 0)
        #expect(alice.send([1], to: peer) == .silence)
    }

    @Test("A18, I02: an XOR-PEER-ADDRESS of which family and length do not fit gets 400")
    func malformedPeer() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        let values: [[UInt8]] = [
            [], [0], [0, 1], [0, 1, 0, 1], [0, 1, 0, 1, 1, 2, 3], [0, 1, 0, 1, 1, 2, 3, 4, 5],
            [0, 0, 0, 1, 1, 2, 3, 4], [0, 3, 0, 1, 1, 2, 3, 4], [0, 255, 0, 1, 1, 2, 3, 4],
            [0, 2, 0, 1, 1, 2, 3, 4], [0, 1, 0, 1] + [UInt8](repeating: 9, count: 16),
            [0, 2, 0, 1] + [UInt8](repeating: 9, count: 15), [0, 2, 0, 1] + [UInt8](repeating: 9, count: 17),
        ]
        for value in values {
            #expect(try alice.request(.createPermission) { $0.add(.xorPeerAddress, value) }.error == 400)
            let bound = try alice.request(.channelBind) { writer in
                writer.add(.channelNumber, UInt32(0x4000_0000))
                writer.add(.xorPeerAddress, value)
            }
            #expect(bound.error == 400)
        }
        #expect(bench.engine.permissionCount == 0)
    }

    @Test("I03: a datagram of a peer without permission is dropped, and counted")
    func unknownPeer() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        _ = try alice.permit(peer)
        #expect(bench.datagram([1], from: "5.6.7.9:9000", to: relayed) == nil)
        #expect(bench.engine.drops[.noPermission] == 1)
        #expect(bench.datagram([1], from: "5.6.7.8:1", to: relayed) != nil)
    }

    @Test(
        "I04, 0d: a permission lives at 299 seconds, and under a steady flow of data is gone at 300",
        arguments: [true, false])
    func lifetime(cleaning: Bool) throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        _ = try alice.permit(peer)
        for _ in 0..<299 {
            bench.advance(seconds: 1, cleaning: cleaning)
            #expect(alice.send([1], to: peer).relayed != nil)
            #expect(bench.datagram([1], from: peer, to: relayed) != nil)
        }
        for _ in 0..<2 {
            bench.advance(seconds: 1, cleaning: cleaning)
            #expect(alice.send([1], to: peer) == .silence)
            #expect(bench.datagram([1], from: peer, to: relayed) == nil)
        }
        bench.clean()
        #expect(bench.engine.permissionCount == 0)
    }

    @Test("I04: CreatePermission and ChannelBind prolong a permission")
    func prolonged() throws {
        let alice = bench.client()
        let relayed = try alice.relayed { $0.add(.lifetime, UInt32(3600)) }
        _ = try alice.permit(peer)
        bench.advance(seconds: 200)
        #expect(try alice.permit("5.6.7.8:0").isSuccess)
        bench.advance(seconds: 299)
        #expect(bench.datagram([1], from: peer, to: relayed) != nil)
        #expect(try alice.bind(0x4000, to: "5.6.7.8:1").isSuccess)
        bench.advance(seconds: 100)
        #expect(bench.datagram([1], from: peer, to: relayed) != nil)
        bench.advance(seconds: 501)
        #expect(bench.datagram([1], from: peer, to: relayed) == nil)
    }

    @Test("I05: a permission belongs to one allocation")
    func perAllocation() throws {
        let alice = bench.client()
        let bob = bench.client("bob", at: "90.0.0.2:1")
        _ = try alice.relayed()
        let relayed = try bob.relayed()
        _ = try alice.permit(peer)
        #expect(bench.datagram([1], from: peer, to: relayed) == nil)
        #expect(bob.send([1], to: peer) == .silence)
    }

    @Test("I05: a new allocation on the same 5-tuple does not inherit permissions")
    func notInherited() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        _ = try alice.permit(peer)
        _ = try alice.refresh(lifetime: 0)
        let relayed = try alice.relayed()
        #expect(bench.datagram([1], from: peer, to: relayed) == nil)
        #expect(alice.send([1], to: peer) == .silence)
    }

    @Test("I06: beyond the cap 508, all or nothing, and known peers still pass")
    func cap() throws {
        let bench = Bench { $0.maximumPermissions = 4 }
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.permit("5.0.0.1:1", "5.0.0.2:1", "5.0.0.3:1").isSuccess)
        #expect(try alice.permit("5.0.0.4:1", "5.0.0.5:1").error == 508)
        #expect(bench.engine.permissionCount == 3)
        #expect(try alice.permit("5.0.0.4:1", "5.0.0.1:1", "5.0.0.4:2").isSuccess)
        #expect(try alice.permit("5.0.0.5:1").error == 508)
        #expect(try alice.bind(0x4000, to: "5.0.0.5:1").error == 508)
        #expect(bench.engine.channelCount == 0)
        #expect(try alice.permit("5.0.0.1:1", "5.0.0.2:1").isSuccess)
        #expect(try alice.bind(0x4000, to: "5.0.0.1:1").isSuccess)
        #expect(bench.engine.permissionCount == 4)
    }

    @Test("I06: permissions of the past do not count, cleaned away or not", arguments: [true, false])
    func capAfterExpiry(cleaning: Bool) throws {
        let bench = Bench { $0.maximumPermissions = 3 }
        let alice = bench.client()
        _ = try alice.relayed()
        _ = try alice.permit("5.0.0.1:1", "5.0.0.2:1", "5.0.0.3:1")
        bench.advance(seconds: 301, cleaning: cleaning)
        #expect(try alice.permit("5.0.0.4:1", "5.0.0.5:1", "5.0.0.6:1").isSuccess)
        #expect(bench.engine.permissionCount == 3)
    }

    @Test("I06: reviving an expired permission beside new ones keeps to the cap")
    func capWithRevival() throws {
        let bench = Bench { $0.maximumPermissions = 4 }
        let alice = bench.client()
        _ = try alice.relayed()
        _ = try alice.permit("5.0.0.1:1")
        bench.advance(seconds: 200, cleaning: false)
        _ = try alice.permit("5.0.0.2:1", "5.0.0.3:1", "5.0.0.4:1")
        bench.advance(seconds: 101, cleaning: false)
        #expect(try alice.permit("5.0.0.1:1", "5.0.0.5:1").error == 508)
        #expect(try alice.permit("5.0.0.1:1").isSuccess)
        #expect(bench.engine.permissionCount == 4)
    }

    @Test("I06: in strict mode binding a channel again keeps to the cap")
    func capWithRebind() throws {
        let bench = Bench {
            $0.maximumPermissions = 2
            $0.strictPermissions = true
        }
        let alice = bench.client()
        _ = try alice.relayed()
        _ = try alice.bind(0x4000, to: "5.0.0.1:1")
        bench.advance(seconds: 301)
        #expect(try alice.permit("5.0.0.2:1", "5.0.0.3:1").isSuccess)
        #expect(try alice.bind(0x4000, to: "5.0.0.1:1").error == 508)
        #expect(bench.engine.permissionCount == 2)
    }

    @Test("I07, 0d: a channel stands in for the permission until it ends", arguments: [true, false])
    func impliedByChannel(cleaning: Bool) throws {
        let alice = bench.client()
        let relayed = try alice.relayed { $0.add(.lifetime, UInt32(3600)) }
        _ = try alice.bind(0x4000, to: peer)
        for step: UInt32 in [299, 300] {
            bench.advance(seconds: step, cleaning: cleaning)
            #expect(alice.send([1], through: 0x4000).relayed != nil)
            #expect(alice.send([1], to: peer).relayed != nil)
            #expect(bench.datagram([1], from: peer, to: relayed) == [0x40, 0, 0, 1, 1])
            #expect(bench.datagram([1], from: "5.6.7.8:1", to: relayed) != nil)
        }
        bench.advance(seconds: 2, cleaning: cleaning)
        #expect(alice.send([1], through: 0x4000) == .silence)
        #expect(alice.send([1], to: peer) == .silence)
        #expect(bench.datagram([1], from: peer, to: relayed) == nil)
    }

    @Test("I07: in strict mode a channel without its permission carries nothing after 300 seconds")
    func strict() throws {
        let bench = Bench { $0.strictPermissions = true }
        let alice = bench.client()
        let relayed = try alice.relayed()
        _ = try alice.bind(0x4000, to: peer)
        bench.advance(seconds: 299)
        #expect(alice.send([1], through: 0x4000).relayed != nil)
        bench.advance(seconds: 2)
        #expect(alice.send([1], through: 0x4000) == .silence)
        #expect(bench.datagram([1], from: peer, to: relayed) == nil)
        _ = try alice.permit(peer)
        #expect(alice.send([1], through: 0x4000).relayed != nil)
        #expect(bench.datagram([1], from: peer, to: relayed) == [0x40, 0, 0, 1, 1])
    }
}
