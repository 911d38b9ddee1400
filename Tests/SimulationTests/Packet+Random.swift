import Addressing
import Cryptography
import STUN
import SeededRandom
import TURN
import TestBench

extension Simulation.Packet {
    private static let peers = [
        "5.0.0.1", "5.0.0.2", "5.0.0.3", "5.0.0.4", "5.0.0.5", "5.0.0.6", "10.0.0.1", "127.0.0.1",
    ]
    private static let ipv6Peers = ["2a02::1", "2a02::2", "2a02::3", "fe80::1"]

    /// A peer of few, so that requests meet each other.
    static func randomPeer(_ random: inout SeededRandom, _ family: IPAddress.Family? = nil) -> TransportAddress {
        let family = family ?? (Int.random(in: 0..<4, using: &random) == 0 ? .ipv6 : .ipv4)
        let pool = family == .ipv6 ? ipv6Peers : peers
        let port = UInt16([1000, 1001, 1002, 0][min(3, Int.random(in: 0..<12, using: &random) / 3)])
        return TransportAddress(Bench.ip(pool.randomElement(using: &random) ?? "5.0.0.1"), port: port)
    }

    /// Something that a client might send.
    static func random(_ client: Int, _ simulation: Simulation) -> Simulation.Packet {
        var random = simulation.random
        defer { simulation.random = random }
        func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }
        let sender = simulation.clients[client]
        let id = TransactionID(high: random.next(), low: random.next())
        let belief = simulation.beliefs[client]

        // Now and then the credentials of somebody else, a wrong key, or none.
        var user = simulation.users[client]
        if chance(20) { user = (user + 1) % 3 }
        let isKeyRight = !chance(40)
        let credentials =
            chance(40) ? nil : belief.nonce.map { Intent.Credentials(user: user, nonce: $0, isKeyRight: isKeyRight) }
        func message(_ method: STUN.Method, _ body: (inout MessageWriter) -> Void) -> [UInt8] {
            guard let credentials else { return sender.bare(method, .request, id, body) }
            let name = Array(Simulation.names[user].utf8)
            let password = isKeyRight ? name + Array("-pass".utf8) : [0x21]
            sender.username = name
            sender.key = PasswordAlgorithm.md5.key(username: name, realm: Bench.realm, password: password) ?? []
            sender.nonce = credentials.nonce
            return sender.message(method, id, body)
        }

        switch Int.random(in: 0..<20, using: &random) {
        case 0...3:
            var wish = Intent.Wish()
            if let token = belief.token, chance(4) {
                wish.token = token
            } else {
                wish.isDual = chance(5)
                wish.family = !wish.isDual && chance(4) ? .ipv6 : .ipv4
                wish.port = chance(3) ? (chance(2) || wish.isDual ? .even : .evenWithNext) : .any
            }
            wish.lifetime = chance(3) ? UInt32.random(in: 0...5000, using: &random) : nil
            let bytes = message(.allocate) { writer in
                writer.add(.requestedTransport, UInt32(17 << 24))
                if let token = wish.token { writer.add(.reservationToken, token) }
                if wish.isDual { writer.add(.additionalAddressFamily, UInt32(2 << 24)) }
                if wish.family == .ipv6 { writer.add(.requestedAddressFamily, UInt32(2 << 24)) }
                if wish.port != .any { writer.add(.evenPort, [wish.port == .evenWithNext ? 0x80 : 0]) }
                if let lifetime = wish.lifetime { writer.add(.lifetime, lifetime) }
            }
            return Simulation.Packet(client: client, bytes: bytes, intent: .allocate(credentials, id, wish))
        case 4...5:
            let lifetime: UInt32? = chance(3) ? 0 : chance(2) ? UInt32.random(in: 1...5000, using: &random) : nil
            let family = chance(4) ? IPAddress.Family.allCases.randomElement(using: &random) : nil
            let bytes = message(.refresh) { writer in
                if let lifetime { writer.add(.lifetime, lifetime) }
                if let family { writer.add(.requestedAddressFamily, UInt32(family.rawValue) << 24) }
            }
            return Simulation.Packet(
                client: client, bytes: bytes, intent: .refresh(credentials, lifetime: lifetime, family))
        case 6...8:
            let peers = (0..<Int.random(in: 0...3, using: &random)).map { _ in randomPeer(&random) }
            let bytes = message(.createPermission) { writer in
                for peer in peers { writer.add(.xorPeerAddress, xor: peer) }
            }
            return Simulation.Packet(client: client, bytes: bytes, intent: .permit(credentials, peers))
        case 9...11:
            let number = chance(20) ? 0x5000 : UInt16.random(in: 0x4000...0x4005, using: &random)
            let peer = randomPeer(&random)
            let bytes = message(.channelBind) { writer in
                writer.add(.channelNumber, UInt32(number) << 16)
                writer.add(.xorPeerAddress, xor: peer)
            }
            return Simulation.Packet(client: client, bytes: bytes, intent: .bind(credentials, number, peer))
        case 12...14:
            let peer = randomPeer(&random)
            let payload = (0..<Int.random(in: 0...9, using: &random)).map { UInt8($0) }
            let bytes = sender.bare(.send, .indication, id) { writer in
                writer.add(.xorPeerAddress, xor: peer)
                writer.add(.data, payload)
            }
            return Simulation.Packet(client: client, bytes: bytes, intent: .send(peer, payload))
        case 15...17:
            let number = UInt16.random(in: 0x4000...0x4006, using: &random)
            let payload = (0..<Int.random(in: 0...9, using: &random)).map { UInt8($0) }
            let bytes = [UInt8(number >> 8), UInt8(number & 0xFF), 0, UInt8(payload.count)] + payload
            return Simulation.Packet(client: client, bytes: bytes, intent: .channelData(number, payload))
        case 18:
            return Simulation.Packet(client: client, bytes: sender.bare(.binding, .request, id), intent: .binding)
        default:
            var bytes = message(.createPermission) { $0.add(.xorPeerAddress, xor: randomPeer(&random)) }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
            if bytes[0] >= 0x40 { bytes[0] = 0xFF }  // ChannelData has an intent of its own
            return Simulation.Packet(client: client, bytes: bytes, intent: .noise)
        }
    }
}
