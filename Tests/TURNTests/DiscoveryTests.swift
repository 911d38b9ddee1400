import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("NAT behaviour discovery")
struct DiscoveryTests {
    static let places = ["84.1.1.1:3478", "84.1.1.2:3478", "84.1.1.1:3479", "84.1.1.2:3479"].map(Bench.address)
    static let asked = places[0]
    static let other = places[3]

    let bench = Bench { settings in
        settings.alternateAddresses = AlternateAddresses(
            [AlternateAddresses.Pair(Bench.ip("84.1.1.1"), Bench.ip("84.1.1.2"))], port: 3478, alternatePort: 3479)
    }

    func binding(_ client: TestClient, _ body: (inout MessageWriter) -> Void = { _ in }) -> Outcome {
        client.send(client.bare(.binding, .request, TestClient.freshTransactionID(), body))
    }

    @Test("N02: the answer has both forms of the address, where it came from, and the other place", arguments: places)
    func plain(asked: TransportAddress) throws {
        let alice = bench.client(to: asked)
        let reply = try #require(binding(alice).reply)
        #expect(reply.types == [.xorMappedAddress, .mappedAddress, .responseOrigin, .otherAddress])
        #expect(reply.plainAddress(.mappedAddress) == alice.fiveTuple.client)
        #expect(reply.plainAddress(.responseOrigin) == asked)
        let other = try #require(reply.plainAddress(.otherAddress))
        #expect(Self.places.contains(other) && other.ip != asked.ip && other.port != asked.port)
    }

    @Test("N03: CHANGE-REQUEST chooses which of the four places answers", arguments: [0, 2, 4, 6] as [UInt32])
    func changes(flags: UInt32) throws {
        let expected = TransportAddress(
            flags & 4 == 0 ? Self.asked.ip : Self.other.ip, port: flags & 2 == 0 ? Self.asked.port : Self.other.port)
        let alice = bench.client(to: Self.asked)
        switch binding(alice, { $0.add(.changeRequest, flags) }) {
        case .reply(let reply):
            #expect(flags == 0)
            #expect(reply.plainAddress(.responseOrigin) == Self.asked)
        case .replyElsewhere(let reply, let source, let destination):
            #expect(flags != 0)
            #expect(source == expected && destination == alice.fiveTuple.client)
            #expect(reply.plainAddress(.responseOrigin) == expected)
            #expect(reply.plainAddress(.otherAddress) == Self.other)
        default: Issue.record("no answer")
        }
    }

    @Test("N03: FINGERPRINT is echoed from the other place too")
    func fingerprint() {
        let alice = bench.client(to: Self.asked)
        alice.addsFingerprint = true
        guard case .replyElsewhere(let reply, _, _) = binding(alice, { $0.add(.changeRequest, UInt32(6)) }) else {
            Issue.record("not from elsewhere")
            return
        }
        #expect(reply.types.last == .fingerprint)
    }

    @Test(
        "N03: what asks for another place gets 420 over anything but UDP",
        arguments: [ClientTransport.tcp, .tls, .dtls])
    func streams(transport: ClientTransport) throws {
        let alice = bench.client(over: transport, to: Self.asked)
        for type in [AttributeType.changeRequest, .responsePort, .padding] {
            let reply = try #require(binding(alice, { $0.add(type, UInt32(6)) }).reply)
            #expect(reply.error == 420)
            #expect(reply.unknownAttributes == [type.rawValue])
        }
        #expect(try #require(binding(alice).reply).types.contains(.otherAddress))
    }

    @Test("N01: asked elsewhere than at the four places, the server knows nothing of it")
    func elsewhere() throws {
        for server in ["84.1.1.3:3478", "84.1.1.1:3480", "[2a01::1]:3478"].map(Bench.address) {
            let alice = bench.client(to: server)
            #expect(try #require(binding(alice).reply).types == [.xorMappedAddress])
            #expect(binding(alice, { $0.add(.changeRequest, UInt32(6)) }).reply?.error == 420)
        }
    }

    @Test("N04, R6: RESPONSE-PORT aims the answer at another port of the same address")
    func responsePort() throws {
        let alice = bench.client(to: Self.asked)
        guard
            case .replyElsewhere(let reply, let source, let destination) = binding(
                alice, { $0.add(.responsePort, UInt32(7777 << 16 | 0xABCD)) })
        else {
            Issue.record("not elsewhere")
            return
        }
        #expect(source == Self.asked)
        #expect(destination == TransportAddress(alice.fiveTuple.client.ip, port: 7777))
        #expect(reply.mapped == alice.fiveTuple.client)
    }

    @Test("N04: RESPONSE-PORT 0, or of the wrong length, gets 400")
    func badResponsePort() throws {
        let alice = bench.client(to: Self.asked)
        #expect(binding(alice, { $0.add(.responsePort, UInt32(0)) }).reply?.error == 400)
        #expect(binding(alice, { $0.add(.responsePort, [1, 2]) }).reply?.error == 400)
        #expect(binding(alice, { $0.add(.changeRequest, [6]) }).reply?.error == 400)
    }

    @Test("N04: PADDING together with RESPONSE-PORT gets 400")
    func paddingAndPort() {
        let outcome = binding(bench.client(to: Self.asked)) { writer in
            writer.add(.padding, [1, 2, 3, 4])
            writer.add(.responsePort, UInt32(7777 << 16))
        }
        #expect(outcome.reply?.error == 400)
    }

    @Test("N04, R6: PADDING pads the answer, up to 1500 bytes, and never beyond the request's own")
    func padding() throws {
        let alice = bench.client(to: Self.asked)
        let plain = try #require(binding(alice).reply).bytes.count
        for count in [0, 1, 4, 7, 100, 1000, 1500, 9000] {
            let reply = try #require(
                binding(alice, { $0.add(.padding, [UInt8](repeating: 1, count: count)) }).reply)
            let padding = try #require(reply.value(.padding)).count
            #expect(padding % 4 == 0 && padding <= count)
            #expect(reply.bytes.count == min(1500, plain + 4 + count & ~3))
        }
    }

    @Test("N05, R6: answers that are aimed or padded have a limit of their own")
    func limited() {
        let alice = bench.client(to: Self.asked)
        let aimed = (0..<100).count { _ in binding(alice, { $0.add(.changeRequest, UInt32(6)) }) != .silence }
        #expect(aimed == 50)
        #expect(binding(alice, { $0.add(.padding, [1, 2, 3, 4]) }) == .silence)
        #expect(binding(alice).reply != nil)
        #expect(binding(alice, { $0.add(.changeRequest, UInt32(0)) }).reply != nil)
        #expect(bench.engine.drops[.rateLimited] == 51)
        bench.advance(seconds: 1)
        #expect(binding(alice, { $0.add(.padding, [1, 2, 3, 4]) }) != .silence)
    }

    @Test("N02: behind a NAT clients are told the external addresses")
    func external() throws {
        let bench = Bench { settings in
            settings.alternateAddresses = AlternateAddresses(
                [AlternateAddresses.Pair(Bench.ip("10.0.0.1"), Bench.ip("10.0.0.2"))], port: 3478, alternatePort: 3479)
            settings.addressTranslation = AddressTranslation([
                AddressTranslation.Pair(external: Bench.ip("84.1.1.1"), bound: Bench.ip("10.0.0.1")),
                AddressTranslation.Pair(external: Bench.ip("84.1.1.2"), bound: Bench.ip("10.0.0.2")),
            ])
        }
        let reply = try #require(binding(bench.client(to: Bench.address("10.0.0.1:3478"))).reply)
        #expect(reply.plainAddress(.responseOrigin) == Bench.address("84.1.1.1:3478"))
        #expect(reply.plainAddress(.otherAddress) == Bench.address("84.1.1.2:3479"))
    }

    @Test("N01: in TURN requests the attributes stay unknown")
    func turn() throws {
        let alice = bench.client(to: Self.asked)
        #expect(try alice.allocate { $0.add(.changeRequest, UInt32(6)) }.error == 420)
    }
}
