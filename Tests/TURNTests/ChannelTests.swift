import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("Channels")
struct ChannelTests {
    let bench = Bench()
    let peer = "5.6.7.8:9000"

    @Test("K01: CHANNEL-NUMBER and XOR-PEER-ADDRESS must be there, else 400")
    func incomplete() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.request(.channelBind).error == 400)
        #expect(try alice.request(.channelBind) { $0.add(.channelNumber, UInt32(0x4000_0000)) }.error == 400)
        let peer = Bench.address(peer)
        #expect(try alice.request(.channelBind) { $0.add(.xorPeerAddress, xor: peer) }.error == 400)
        for number: [UInt8] in [[], [0x40, 0], [0x40, 0, 0], [0x40, 0, 0, 0, 0]] {
            let reply = try alice.request(.channelBind) { writer in
                writer.add(.channelNumber, number)
                writer.add(.xorPeerAddress, xor: peer)
            }
            #expect(reply.error == 400)
        }
        #expect(bench.engine.channelCount == 0)
        #expect(bench.engine.permissionCount == 0)
    }

    @Test("K01: a peer with port 0 gets 400")
    func portZero() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.bind(0x4000, to: "5.6.7.8:0").error == 400)
    }

    @Test("K01: without an allocation 437")
    func noAllocation() throws {
        #expect(try bench.client().bind(0x4000, to: peer).error == 437)
    }

    @Test("K02: numbers from 0x4000 to 0x4FFF")
    func numbers() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        for number: UInt16 in [0, 1, 0x3FFF, 0x5000, 0x7FFF, 0x8000, 0xFFFF] {
            #expect(try alice.bind(number, to: peer).error == 400)
        }
        #expect(try alice.bind(0x4000, to: "5.6.7.8:1").isSuccess)
        #expect(try alice.bind(0x4FFF, to: "5.6.7.8:2").isSuccess)
    }

    @Test("K02: on request the numbers of RFC 5766 too")
    func oldNumbers() throws {
        let bench = Bench { $0.channelNumbers = ChannelNumber.rfc5766 }
        let alice = bench.client()
        _ = try alice.relayed()
        for (port, number) in [UInt16](arrayLiteral: 0x4000, 0x5000, 0x7FFF).enumerated() {
            #expect(try alice.bind(number, to: "5.6.7.8:\(port + 1)").isSuccess)
            #expect(alice.send([1], through: number).relayed != nil)
        }
        #expect(try alice.bind(0x8000, to: peer).error == 400)
        #expect(try alice.bind(0x3FFF, to: peer).error == 400)
    }

    @Test("A24: the reserved half of CHANNEL-NUMBER is ignored")
    func reservedBits() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        let reply = try alice.request(.channelBind) { writer in
            writer.add(.channelNumber, UInt32(0x4000_FFFF))
            writer.add(.xorPeerAddress, xor: Bench.address(peer))
        }
        #expect(reply.isSuccess)
        #expect(alice.send([1], through: 0x4000).relayed != nil)
    }

    @Test("K03: a number bound to another peer, or a peer bound to another number, gets 400 and changes nothing")
    func conflicts() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        #expect(try alice.bind(0x4000, to: "5.6.7.8:9001").error == 400)
        #expect(try alice.bind(0x4000, to: "5.6.7.9:9000").error == 400)
        #expect(try alice.bind(0x4001, to: peer).error == 400)
        #expect(try alice.bind(0x4001, to: "5.6.7.8:9001").isSuccess)
        #expect(try alice.bind(0x4000, to: "5.6.7.8:9001").error == 400)
        #expect(bench.engine.channelCount == 2)
        #expect(bench.engine.permissionCount == 1)
        #expect(alice.send([1], through: 0x4000).relayed?.peer == Bench.address(peer))
    }

    @Test("K03, K10, K13: the same pair again succeeds and begins both lifetimes anew")
    func rebind() throws {
        let alice = bench.client()
        let relayed = try alice.relayed { $0.add(.lifetime, UInt32(3600)) }
        try alice.takeNonce()
        let bytes = alice.message(.channelBind) { writer in
            writer.add(.channelNumber, UInt32(0x4000_0000))
            writer.add(.xorPeerAddress, xor: Bench.address(peer))
        }
        let first = try alice.answer(to: bytes)
        #expect(first.isSuccess)
        #expect(first.types == [.messageIntegrity])
        #expect(try alice.answer(to: bytes) == first)
        #expect(bench.engine.channelCount == 1)
        bench.advance(seconds: 599)
        #expect(try alice.bind(0x4000, to: peer).isSuccess)
        bench.advance(seconds: 599)
        #expect(alice.send([1], through: 0x4000).relayed != nil)
        #expect(bench.datagram([1], from: "5.6.7.8:1", to: relayed) != nil)
    }

    @Test("K04: a denied peer gets 403, and nothing is installed")
    func denied() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.bind(0x4000, to: "127.0.0.1:9000").error == 403)
        #expect(bench.engine.permissionCount == 0)
        #expect(bench.engine.channelCount == 0)
    }

    @Test("K04: beyond the cap 508; an expired channel makes room")
    func cap() throws {
        let bench = Bench { $0.maximumChannels = 2 }
        let alice = bench.client()
        _ = try alice.relayed { $0.add(.lifetime, UInt32(3600)) }
        _ = try alice.bind(0x4000, to: "5.0.0.1:1")
        _ = try alice.bind(0x4001, to: "5.0.0.1:2")
        #expect(try alice.bind(0x4002, to: "5.0.0.1:3").error == 508)
        #expect(try alice.bind(0x4001, to: "5.0.0.1:2").isSuccess)
        #expect(bench.engine.channelCount == 2)
        bench.advance(seconds: 601, cleaning: false)
        #expect(try alice.bind(0x4002, to: "5.0.0.1:3").isSuccess)
    }

    @Test("K05: binding installs the permission, for every port of the peer")
    func installsPermission() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        _ = try alice.bind(0x4000, to: peer)
        #expect(bench.engine.permissionCount == 1)
        #expect(alice.send([1], to: "5.6.7.8:77").relayed != nil)
        #expect(bench.datagram([1], from: "5.6.7.8:77", to: relayed) != nil)
    }

    @Test("K06: ChannelData on a number that is not bound, or on another client's, is dropped")
    func unbound() throws {
        let alice = bench.client()
        let bob = bench.client("bob", at: "90.0.0.2:1")
        _ = try alice.relayed()
        _ = try bob.relayed()
        _ = try alice.bind(0x4000, to: peer)
        #expect(alice.send([1], through: 0x4001) == .silence)
        #expect(bob.send([1], through: 0x4000) == .silence)
        #expect(bench.client("carol", at: "90.0.0.3:1").send([1], through: 0x4000) == .silence)
    }

    @Test("K06: exactly LENGTH bytes are relayed; a LENGTH beyond the datagram drops it")
    func lengths() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        _ = try alice.bind(0x4000, to: peer)
        #expect(alice.send([0x40, 0, 0, 3, 1, 2, 3]).relayed?.payload == [1, 2, 3])
        #expect(alice.send([0x40, 0, 0, 3, 1, 2, 3, 0]).relayed?.payload == [1, 2, 3])
        #expect(alice.send([0x40, 0, 0, 3, 1, 2, 3, 9, 9, 9, 9, 9]).relayed?.payload == [1, 2, 3])
        #expect(alice.send([0x40, 0, 0, 0]).relayed?.payload == [])
        #expect(alice.send([0x40, 0, 0, 0, 7]).relayed?.payload == [])
        for bytes: [UInt8] in [
            [0x40], [0x40, 0], [0x40, 0, 0], [0x40, 0, 0, 1], [0x40, 0, 0, 4, 1, 2, 3], [0x40, 0, 0xFF, 0xFF, 1],
        ] {
            #expect(alice.send(bytes) == .silence)
        }
        // What leaked memory elsewhere: LENGTH 35510 with three bytes behind it.
        #expect(alice.send([0x40, 0, 0x8A, 0xB6, 1, 2, 3]) == .silence)
    }

    @Test("K07: ChannelData on a number outside the range is dropped and prolongs nothing")
    func outsideTheRange() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        _ = try alice.bind(0x4000, to: peer)
        for number: UInt16 in [0x5000, 0x5FFF, 0x7FFF] { #expect(alice.send([1], through: number) == .silence) }
        for first: UInt8 in 0x80...0xFF { #expect(alice.send([first, 0, 0, 1, 1]) == .silence) }
    }

    @Test("K07: ChannelData prolongs neither channel nor permission")
    func dataDoesNotProlong() throws {
        let alice = bench.client()
        _ = try alice.relayed { $0.add(.lifetime, UInt32(3600)) }
        _ = try alice.bind(0x4000, to: peer)
        for _ in 0..<599 {
            bench.advance(seconds: 1)
            #expect(alice.send([1], through: 0x4000).relayed != nil)
        }
        bench.advance(seconds: 1)
        #expect(alice.send([1], through: 0x4000) == .silence)
    }

    @Test("K08, 0d: a channel lives at 599 seconds and is gone at 600 and 601", arguments: [true, false])
    func lifetime(cleaning: Bool) throws {
        let alice = bench.client()
        let relayed = try alice.relayed { $0.add(.lifetime, UInt32(3600)) }
        _ = try alice.bind(0x4000, to: peer)
        bench.advance(seconds: 500, cleaning: cleaning)
        _ = try alice.permit(peer)
        bench.advance(seconds: 99, cleaning: cleaning)
        #expect(alice.send([1], through: 0x4000).relayed != nil)
        #expect(bench.datagram([1], from: peer, to: relayed)?.first == 0x40)
        for _ in 0..<2 {
            bench.advance(seconds: 1, cleaning: cleaning)
            #expect(alice.send([1], through: 0x4000) == .silence)
            let indication = try #require(bench.datagram([1], from: peer, to: relayed).flatMap(Reply.init))
            #expect(indication.type == MessageType(.data, .indication))
        }
    }

    @Test("K08: number and peer of an expired channel can be bound anew, crosswise", arguments: [true, false])
    func reuse(cleaning: Bool) throws {
        let alice = bench.client()
        _ = try alice.relayed { $0.add(.lifetime, UInt32(3600)) }
        _ = try alice.bind(0x4000, to: "5.6.7.8:1")
        _ = try alice.bind(0x4001, to: "5.6.7.8:2")
        bench.advance(seconds: 601, cleaning: cleaning)
        #expect(try alice.bind(0x4000, to: "5.6.7.8:2").isSuccess)
        #expect(try alice.bind(0x4001, to: "5.6.7.8:1").isSuccess)
        #expect(alice.send([1], through: 0x4000).relayed?.peer.port == 2)
        #expect(bench.engine.channelCount == 2)
    }

    @Test(
        "K08, H04: a number bound in a family that is over can be bound in the other, cleaned away or not",
        arguments: [true, false])
    func otherFamily(cleaning: Bool) throws {
        let alice = bench.client()
        _ = try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        _ = try alice.request(.refresh) { writer in
            writer.add(.lifetime, UInt32(1200))
            writer.add(.requestedAddressFamily, UInt32(2 << 24))
        }
        bench.advance(seconds: 500)
        _ = try alice.bind(0x4000, to: peer)
        bench.advance(seconds: 101, cleaning: cleaning)
        #expect(try alice.bind(0x4000, to: "[2a02::5]:9000").isSuccess)
        #expect(alice.send([1], through: 0x4000).relayed?.peer == Bench.address("[2a02::5]:9000"))
    }

    @Test("K09: over TCP and TLS ChannelData is padded, over UDP it is not")
    func padding() throws {
        for (transport, padded) in [(ClientTransport.udp, false), (.dtls, false), (.tcp, true), (.tls, true)] {
            let client = bench.client(over: transport)
            let relayed = try client.relayed()
            _ = try client.bind(0x4000, to: peer)
            for length in 0...7 {
                let payload = [UInt8](repeating: 0xAA, count: length)
                let message = try #require(bench.datagram(payload, from: peer, to: relayed))
                let padding = padded ? (4 - length % 4) % 4 : 0
                #expect(message == [0x40, 0, 0, UInt8(length)] + payload + [UInt8](repeating: 0, count: padding))
            }
        }
    }

    @Test("K12: ChannelData right after its ChannelBind, mixed with Send")
    func interleaved() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        _ = try alice.permit(peer)
        #expect(alice.send([1], to: peer).relayed?.payload == [1])
        #expect(bench.datagram([1], from: peer, to: relayed)?.first == 0x00)
        for (index, number) in (UInt16(0x4000)..<0x4008).enumerated() {
            _ = try alice.bind(number, to: "5.6.7.8:\(9000 + index)")
            #expect(alice.send([2], through: number).relayed?.peer.port == UInt16(9000 + index))
            #expect(alice.send([3], to: peer).relayed?.payload == [3])
        }
        #expect(bench.datagram([1], from: peer, to: relayed)?.first == 0x40)
    }

    @Test("D19: another user can neither bind nor permit on an allocation")
    func otherUser() throws {
        _ = try bench.client().relayed()
        #expect(try bench.client("bob").bind(0x4000, to: peer).error == 441)
        #expect(try bench.client("bob").permit(peer).error == 441)
        #expect(bench.engine.permissionCount == 0)
    }
}
