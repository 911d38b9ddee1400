import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("Send and Data")
struct SendTests {
    let bench = Bench()
    let peer = "5.6.7.8:9000"

    /// A client with an allocation and a permission for `peer`.
    func permitted() throws -> TestClient {
        let alice = bench.client()
        _ = try alice.relayed()
        _ = try alice.permit(peer)
        return alice
    }

    @Test("J01: Send without permission, without allocation, or of the wrong family gets nothing and sends nothing")
    func dropped() throws {
        let alice = try permitted()
        #expect(alice.send([1], to: "5.6.7.9:9000") == .silence)
        #expect(alice.send([1], to: "[2a02::5]:9000") == .silence)
        #expect(bench.client("bob", at: "90.0.0.2:1").send([1], to: peer) == .silence)
        #expect(bench.engine.drops[.noPermission] == 1)
        #expect(bench.engine.drops[.wrongFamily] == 1)
        #expect(bench.engine.drops[.noAllocation] == 1)
    }

    @Test("J01: Send without DATA, or with a malformed peer, is dropped")
    func incomplete() throws {
        let alice = try permitted()
        #expect(
            alice.send(alice.bare(.send, .indication) { $0.add(.xorPeerAddress, xor: Bench.address(peer)) }) == .silence
        )
        #expect(alice.send(alice.bare(.send, .indication)) == .silence)
        for value: [UInt8] in [[], [0, 1, 0, 1], [0, 3, 0, 1, 1, 2, 3, 4]] {
            let message = alice.bare(.send, .indication) { writer in
                writer.add(.xorPeerAddress, value)
                writer.add(.data, [1])
            }
            #expect(alice.send(message) == .silence)
        }
    }

    @Test("J01: Send to port 0 is dropped")
    func portZero() throws {
        #expect(try permitted().send([1], to: "5.6.7.8:0") == .silence)
    }

    @Test("J02: an empty DATA is an empty datagram")
    func empty() throws {
        #expect(try permitted().send([], to: peer).relayed?.payload == [])
    }

    @Test("J03: pjnath's keep-alive, a Send with DATA and no peer, is ignored and counted apart")
    func keepAlive() throws {
        let alice = try permitted()
        #expect(alice.send(alice.bare(.send, .indication) { $0.add(.data, []) }) == .silence)
        #expect(bench.engine.drops[.keepAlive] == 1)
        #expect(bench.engine.drops[.malformed] == 0)
        #expect(bench.engine.allocations.count == 1)
    }

    @Test("J04: DATA goes out from the relayed address exactly as it is, without padding")
    func payload() throws {
        let alice = try permitted()
        for length in [1, 2, 3, 4, 5, 1200, 1471, 9000, 60000] {
            let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            let outcome = alice.send(payload, to: peer)
            #expect(outcome.relayed?.payload == payload)
            #expect(outcome.relayed?.peer == Bench.address(peer))
            guard case .relayed(_, _, let handle, _) = outcome else { continue }
            #expect(bench.host.sockets[handle]?.address.ip == Bench.relayAddresses[0].bound)
        }
    }

    @Test("J05: Send does not prolong the permission")
    func doesNotProlong() throws {
        let alice = try permitted()
        bench.advance(seconds: 299)
        #expect(alice.send([1], to: peer).relayed != nil)
        bench.advance(seconds: 1)
        #expect(alice.send([1], to: peer) == .silence)
    }

    @Test("J06: a Data indication carries peer and DATA and no integrity", arguments: 0...5)
    func dataIndication(length: Int) throws {
        let payload = [UInt8](repeating: 0xAA, count: length)
        let alice = bench.client()
        let relayed = try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }.relayed
        _ = try alice.permit(peer, "[2a02::5]:1")
        for (peer, relayed) in zip([peer, "[2a02::5]:77"], relayed) {
            let message = try #require(bench.datagram(payload, from: peer, to: relayed))
            let indication = try #require(Reply(message))
            #expect(indication.type == MessageType(.data, .indication))
            #expect(indication.types == [.xorPeerAddress, .data])
            #expect(indication.peer == Bench.address(peer))
            #expect(indication.value(.data) == payload)
        }
    }

    @Test("J06: every Data indication has a transaction id of its own")
    func transactionIDs() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        _ = try alice.permit(peer)
        let ids = (0..<500).compactMap { _ in bench.datagram([1], from: peer, to: relayed).map { Array($0[8..<20]) } }
        #expect(Set(ids).count == 500)
    }

    @Test("J07: a peer with a channel comes as ChannelData, its other ports as Data")
    func channelFirst() throws {
        let alice = bench.client()
        let relayed = try alice.relayed()
        _ = try alice.bind(0x4000, to: peer)
        #expect(bench.datagram([1, 2], from: peer, to: relayed) == [0x40, 0, 0, 2, 1, 2])
        #expect(
            bench.datagram([1, 2], from: "5.6.7.8:9001", to: relayed).flatMap(Reply.init)?.types == [
                .xorPeerAddress, .data,
            ])
    }

    @Test("J08: Send works with a channel bound")
    func sendWithChannel() throws {
        let alice = try permitted()
        _ = try alice.bind(0x4000, to: peer)
        #expect(alice.send([1], to: peer).relayed?.payload == [1])
    }

    @Test("J09: DONT-FRAGMENT in a Send sets DF on that datagram alone")
    func dontFragment() throws {
        let alice = try permitted()
        let message = alice.bare(.send, .indication) { writer in
            writer.add(.xorPeerAddress, xor: Bench.address(peer))
            writer.add(.dontFragment, [])
            writer.add(.data, [1])
        }
        guard case .relayed(_, _, _, let flag) = alice.send(message) else {
            Issue.record("nothing was relayed")
            return
        }
        #expect(flag)
        guard case .relayed(_, _, _, let next) = alice.send([1], to: peer) else {
            Issue.record("nothing was relayed")
            return
        }
        #expect(!next)
    }

    @Test("J10: two clients of this server reach each other, each with a permission of its own")
    func hairpin() throws {
        let alice = bench.client()
        let bob = bench.client("bob", at: "90.0.0.2:1")
        let first = try alice.relayed()
        let second = try bob.relayed()
        #expect(try alice.permit("\(second)").isSuccess)
        #expect(alice.send([1], to: "\(second)").relayed?.peer == second)
        #expect(bench.datagram([1], from: "\(first)", to: second) == nil)
        #expect(try bob.permit("\(first)").isSuccess)
        #expect(bench.datagram([1], from: "\(first)", to: second) != nil)
    }

    @Test("J12: Firefox's Send indications, with FINGERPRINT, are relayed; with a wrong one they are not")
    func fingerprint() throws {
        let alice = try permitted()
        alice.addsFingerprint = true
        #expect(alice.send([1, 2, 3], to: peer).relayed?.payload == [1, 2, 3])
        var bytes = alice.bare(.send, .indication) { writer in
            writer.add(.xorPeerAddress, xor: Bench.address(peer))
            writer.add(.data, [1])
        }
        bytes[bytes.count - 1] ^= 1
        #expect(alice.send(bytes) == .silence)
    }

    @Test("A09: of two XOR-PEER-ADDRESS or DATA in a Send the first counts")
    func duplicates() throws {
        let alice = try permitted()
        let message = alice.bare(.send, .indication) { writer in
            writer.add(.xorPeerAddress, xor: Bench.address(peer))
            writer.add(.xorPeerAddress, xor: Bench.address("5.6.7.8:1"))
            writer.add(.data, [1])
            writer.add(.data, [2])
        }
        let relayed = try #require(alice.send(message).relayed)
        #expect(relayed.peer == Bench.address(peer))
        #expect(relayed.payload == [1])
        let reversed = alice.bare(.send, .indication) { writer in
            writer.add(.xorPeerAddress, xor: Bench.address("5.6.7.9:1"))
            writer.add(.xorPeerAddress, xor: Bench.address(peer))
            writer.add(.data, [1])
        }
        #expect(alice.send(reversed) == .silence)
    }

    @Test("A12: an unknown comprehension-required attribute in an indication drops it; an optional one does not")
    func unknownAttribute() throws {
        let alice = try permitted()
        func message(_ type: UInt16) -> [UInt8] {
            alice.bare(.send, .indication) { writer in
                writer.add(.xorPeerAddress, xor: Bench.address(peer))
                writer.add(AttributeType(rawValue: type), [1])
                writer.add(.data, [1])
            }
        }
        #expect(alice.send(message(0x7777)) == .silence)
        #expect(bench.engine.drops[.unknownAttribute] == 1)
        #expect(alice.send(message(0xFF05)).relayed != nil)
    }

    @Test("D20: MESSAGE-INTEGRITY in an indication is not looked at")
    func integrityIgnored() throws {
        let alice = try permitted()
        alice.key = [1, 2, 3]
        var writer = MessageWriter()
        writer.begin(MessageType(.send, .indication), TestClient.freshTransactionID())
        writer.add(.xorPeerAddress, xor: Bench.address(peer))
        writer.add(.data, [1])
        alice.sign(&writer)
        #expect(alice.send(writer.bytes).relayed?.payload == [1])
    }

    @Test("J11: a datagram too large for a STUN message is dropped, not cut")
    func oversize() throws {
        let alice = bench.client(over: .tcp)
        let relayed = try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }.relayed
        _ = try alice.permit(peer, "[2a02::5]:1")
        for (peer, relayed, largest) in [(peer, relayed[0], 65507), ("[2a02::5]:7", relayed[1], 65504)] {
            let payload = [UInt8](repeating: 0xAA, count: largest)
            let message = try #require(bench.datagram(payload, from: peer, to: relayed))
            #expect(Reply(message)?.value(.data)?.count == largest)
        }
        for count in 65505...65527 {
            let message = bench.datagram([UInt8](repeating: 0, count: count), from: "[2a02::5]:7", to: relayed[1])
            #expect((message?.count ?? 0) == 0, "\(count) bytes")
        }
        _ = try alice.bind(0x4000, to: "[2a02::5]:7")
        #expect(
            bench.datagram([UInt8](repeating: 0, count: 65527), from: "[2a02::5]:7", to: relayed[1])?.count == 65532)
    }
}
