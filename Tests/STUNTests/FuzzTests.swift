import Addressing
import Cryptography
import STUN
import Testing

@Suite("Hostile bytes")
struct FuzzTests {
    private let seed = SeededGenerator.runSeed

    /// Reads everything there is to read. A trap here is a packet that ends the server.
    private func readAll(_ bytes: [UInt8], _ sha1: inout HMAC, _ sha256: inout HMAC) -> Bool {
        _ = StreamFrame(bytes.span)
        _ = ChannelData(bytes.span)
        guard let reader = try? MessageReader(bytes.span) else { return false }
        _ = reader.transactionID
        _ = reader.type.wireValue
        _ = "\(reader.type.method)"
        _ = reader.unknownRequiredAttributes
        _ = (reader.lifetimeSeconds, reader.channelNumber, reader.requestedTransport, reader.requestedAddressFamily)
        _ = (reader.additionalAddressFamily, reader.evenPortReservesNext, reader.reservationToken, reader.peerAddress)
        _ = reader.errorCode
        var offset = WireFormat.headerByteCount
        while let attribute = reader.nextAttribute(&offset) {
            _ = attribute.type.description
            _ = reader.xorAddress(at: attribute)
            _ = reader.plainAddress(at: attribute)
            _ = reader.value(of: attribute.type)?.copied()
            _ = reader.uint32(attribute.type)
        }
        let key = [1, 2, 3] as [UInt8]
        _ = reader.verifyIntegrity(key: key.span, using: &sha1)
        _ = reader.verifyIntegritySHA256(key: key.span, using: &sha256)
        return true
    }

    /// Makes a right FINGERPRINT-less header in front of a random body of attributes, most of them plausible.
    private func plausibleMessage(_ random: inout SeededGenerator) -> [UInt8] {
        let known = AttributeType.names.keys.map(\.rawValue).sorted()
        let attributes = (0..<Int.random(in: 0...8, using: &random)).map { _ in
            let type = known.randomElement(using: &random) ?? 0
            let length = [0, 1, 3, 4, 5, 8, 16, 19, 20, 21, 32, 40].randomElement(using: &random) ?? 0
            return (type, random.bytes(length))
        }
        return messageBytes(UInt16.random(in: 0...0x3FFF, using: &random), attributes, padding: 0xAA)
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[index] = [0, 1, 4, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
        case 2: bytes.removeSubrange(index...)
        case 3: bytes.insert(contentsOf: random.bytes(4), at: index)
        case 4: bytes.append(contentsOf: bytes[index...])
        default: bytes.remove(at: index)
        }
        // Half of the time the length is set right again, so that the attributes are looked at.
        if bytes.count >= 20, bytes.count < 65000, Bool.random(using: &random) {
            bytes += Array(repeating: 0, count: -bytes.count & 3)
            bytes = appending([], to: bytes)
        }
    }

    @Test("I5, A07, A18, P1: random and mutated messages never trap")
    func neverTraps() {
        var random = SeededGenerator(seed: seed)
        var sha1 = HMAC(.sha1)
        var sha256 = HMAC(.sha256)
        let seeds = Vector.all.map(\.message)
        var accepted = 0
        for round in 0..<20_000 {
            var bytes =
                switch round % 4 {
                case 0: random.bytes(Int.random(in: 0...80, using: &random))
                case 1: seeds.randomElement(using: &random) ?? []
                default: plausibleMessage(&random)
                }
            for _ in 0..<Int.random(in: 0...4, using: &random) { mutate(&bytes, &random) }
            if readAll(bytes, &sha1, &sha256) { accepted += 1 }
        }
        // The test would prove nothing if the reader threw everything away at the door.
        #expect(accepted > 2_000, "CULVERT_SEED=\(seed)")
    }

    @Test("I5, A07: every vector cut at every byte, with every byte set to 0 and to 255, never traps")
    func vectors() {
        var sha1 = HMAC(.sha1)
        var sha256 = HMAC(.sha256)
        for message in Vector.all.map(\.message) {
            for index in message.indices {
                _ = readAll(Array(message[..<index]), &sha1, &sha256)
                for value in [0, 255] as [UInt8] {
                    var changed = message
                    changed[index] = value
                    _ = readAll(changed, &sha1, &sha256)
                }
            }
        }
    }

    @Test("What is written is what is read, for random values")
    func roundTrip() throws {
        var random = SeededGenerator(seed: seed)
        var hmac = HMAC(.sha1)
        var writer = MessageWriter()
        for _ in 0..<2_000 {
            let id = TransactionID(high: .random(in: 0 ... .max, using: &random), low: random.next())
            let key = random.bytes(16)
            let username = random.bytes(Int.random(in: 0...80, using: &random))
            let lifetime = UInt32.random(in: 0 ... .max, using: &random)
            let token = random.next()
            let family: IPAddress.Family = Bool.random(using: &random) ? .ipv4 : .ipv6
            let ip = IPAddress(bits: UInt128(random.next()) << 64 | UInt128(random.next()), family: family)
            let peer = TransportAddress(ip, port: .random(in: 0 ... .max, using: &random))
            writer.begin(MessageType(.refresh, .request), id)
            writer.add(.username, username)
            writer.add(.lifetime, lifetime)
            writer.add(.reservationToken, token)
            writer.add(.xorPeerAddress, xor: peer)
            writer.addIntegrity(key: key.span, using: &hmac)
            writer.addFingerprint()

            let reader = try MessageReader(writer.bytes.span)
            #expect(reader.transactionID == id, "CULVERT_SEED=\(seed)")
            let read = reader.value(of: .username)?.copied()
            #expect(read == username, "CULVERT_SEED=\(seed)")
            #expect(reader.lifetimeSeconds == .value(lifetime), "CULVERT_SEED=\(seed)")
            #expect(reader.reservationToken == .value(token), "CULVERT_SEED=\(seed)")
            #expect(reader.peerAddress == .value(peer), "CULVERT_SEED=\(seed)")
            let holds = reader.verifyIntegrity(key: key.span, using: &hmac)
            #expect(holds && reader.hasFingerprint, "CULVERT_SEED=\(seed)")
        }
    }
}
