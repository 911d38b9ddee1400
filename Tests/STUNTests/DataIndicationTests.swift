import Addressing
import STUN
import Testing

@Suite("Data indications")
struct DataIndicationTests {
    private static let peers = [
        TransportAddress(IPAddress(v4: 0xC000_0201), port: 32853),
        TransportAddress(IPAddress(v6High: 0x2001_0DB8_1234_5678, low: 0x0011_2233_4455_6677), port: 32853),
    ]

    private func message(from peer: TransportAddress, _ payload: [UInt8]) -> [UInt8]? {
        guard
            let indication = DataIndication(
                from: peer, payloadByteCount: payload.count, transactionID: someTransactionID)
        else { return nil }
        let head = (0..<indication.headByteCount).map { indication.head[$0] }
        return head + payload + Array(repeating: 0, count: indication.paddingByteCount)
    }

    @Test("J06: the head in front of a datagram makes a Data indication of it", arguments: peers, 0...9)
    func reads(peer: TransportAddress, count: Int) throws {
        let payload = (0..<count).map { UInt8($0) }
        let bytes = try #require(message(from: peer, payload))
        let reader = try MessageReader(bytes.span)
        #expect(reader.type == MessageType(.data, .indication))
        #expect(reader.transactionID == someTransactionID)
        #expect(reader.peerAddress == .value(peer))
        let data = reader.value(of: .data)?.copied()
        #expect(data == payload)
        let hasIntegrity = reader.hasIntegrity
        #expect(!hasIntegrity)
    }

    @Test("J06: the head is what the message writer would have written", arguments: peers)
    func sameAsWriter(peer: TransportAddress) throws {
        var writer = MessageWriter()
        writer.begin(MessageType(.data, .indication), someTransactionID)
        writer.add(.xorPeerAddress, xor: peer)
        writer.add(.data, [1, 2, 3, 4, 5])
        #expect(try #require(message(from: peer, [1, 2, 3, 4, 5])).hex == writer.bytes.hex)
    }

    @Test("J11: the largest datagram of IPv4 fits; what would outgrow the length field is refused")
    func largest() throws {
        let whole = try #require(message(from: Self.peers[0], Array(repeating: 0, count: 65507)))
        #expect(readingError(of: whole) == nil)
        #expect(message(from: Self.peers[0], Array(repeating: 0, count: 65516)) != nil)
        #expect(message(from: Self.peers[0], Array(repeating: 0, count: 65517)) == nil)
        #expect(message(from: Self.peers[1], Array(repeating: 0, count: 65504)) != nil)
        #expect(message(from: Self.peers[1], Array(repeating: 0, count: 65505)) == nil)
        #expect(message(from: Self.peers[1], Array(repeating: 0, count: 65527)) == nil)
    }
}
