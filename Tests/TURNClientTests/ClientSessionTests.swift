import Addressing
import Cryptography
import STUN
import TURNClient
import Testing
import Timing

@Suite("Client session")
struct ClientSessionTests {
    private let start = Instant(nanoseconds: 1_000_000_000)
    private let relayed = TransportAddress(IPAddress(v4: 0xC000_0201), port: 50000)
    private let mapped = TransportAddress(IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 1), port: 1234)

    private func session(isStream: Bool = false) -> ClientSession {
        ClientSession(isStream: isStream, credentials: CannedServer.credentials)
    }

    /// The bytes that the session wants sent now.
    private func transmission(_ session: inout ClientSession) throws -> [UInt8] {
        let action = session.poll(at: start)
        guard case .transmit(let bytes)? = action else { throw ClientError.timedOut }
        return bytes
    }

    private func receive(_ bytes: [UInt8], _ session: inout ClientSession) -> ClientEvent {
        session.receive(bytes.span, at: start)
    }

    @Test("A Binding request is answered without credentials")
    func binding() throws {
        var session = session()
        let number = session.begin(.binding, at: start)
        let request = try transmission(&session)
        #expect(request.count == 20)
        let reply = try CannedServer.response(to: request, .success, key: nil) { writer in
            writer.add(.xorMappedAddress, xor: mapped)
        }
        guard case .response(number, let response) = receive(reply, &session) else {
            Issue.record("no response")
            return
        }
        #expect(response.isSuccess && !response.isAuthentic)
        #expect(response.mappedAddress == mapped)
        #expect(session.nextDeadline == nil)
    }

    @Test("A 401 has the request sent again with credentials, under a new transaction id")
    func challenge() throws {
        var session = session()
        let number = session.begin(.allocate(), at: start)
        let first = try transmission(&session)
        #expect(try attributes(of: first).keys.sorted { $0.rawValue < $1.rawValue } == [.requestedTransport])
        guard case .challenged(number) = receive(try CannedServer.challenge(to: first), &session) else {
            Issue.record("not challenged")
            return
        }

        let second = try transmission(&session)
        #expect(second[8..<20] != first[8..<20])
        let sent = try attributes(of: second)
        #expect(sent[.username] == Array("user".utf8))
        #expect(sent[.realm] == CannedServer.realm)
        #expect(sent[.nonce] == Array("nonce".utf8))
        var hmac = HMAC(.sha1)
        let key = CannedServer.credentials.key(realm: CannedServer.realm, .md5)
        let reader = try MessageReader(second.span)
        let holds = reader.verifyIntegrity(key: key.span, using: &hmac)
        #expect(holds)

        let reply = try CannedServer.response(to: second, .success) { writer in
            writer.add(.xorRelayedAddress, xor: relayed)
            writer.add(.xorMappedAddress, xor: mapped)
            writer.add(.lifetime, UInt32(600))
            writer.add(.reservationToken, UInt64(0x0123_4567_89AB_CDEF))
        }
        guard case .response(number, let response) = receive(reply, &session) else {
            Issue.record("no response")
            return
        }
        #expect(response.isAuthentic)
        #expect(response.relayedAddresses == [relayed])
        #expect(response.lifetimeSeconds == 600)
        #expect(response.reservationToken == 0x0123_4567_89AB_CDEF)
        #expect(
            response.attributeTypes == [.xorRelayedAddress, .xorMappedAddress, .lifetime, .reservationToken])
    }

    @Test("A second 401 is final, and so is a second 438 in a row")
    func givesUp() throws {
        var session = session()
        session.begin(.allocate(), at: start)
        _ = receive(try CannedServer.challenge(to: try transmission(&session)), &session)
        let stale = try CannedServer.challenge(to: try transmission(&session), .staleNonce, nonce: "fresh")
        guard case .challenged = receive(stale, &session) else {
            Issue.record("a stale nonce is renewed once")
            return
        }
        #expect(session.challenge?.nonce == Array("fresh".utf8))
        let again = try CannedServer.challenge(to: try transmission(&session), .staleNonce, nonce: "fresher")
        guard case .response(_, let response) = receive(again, &session) else {
            Issue.record("a second stale nonce is final")
            return
        }
        #expect(response.errorCode == 438)
        #expect(session.challenge?.nonce == Array("fresher".utf8))

        session.begin(.refresh(), at: start)
        let wrong = try CannedServer.challenge(to: try transmission(&session))
        guard case .response(_, let refusal) = receive(wrong, &session) else {
            Issue.record("a 401 to credentials is final")
            return
        }
        #expect(refusal.errorCode == 401)
    }

    @Test("D09, D12, D13: PASSWORD-ALGORITHMS is taken up with SHA-256, unless switched off", arguments: [true, false])
    func passwordAlgorithms(uses: Bool) throws {
        let algorithms: [UInt8] = [0, 2, 0, 0, 0, 1, 0, 0]
        var session = session()
        session.usesPasswordAlgorithms = uses
        session.begin(.allocate(), at: start)
        let demand = try CannedServer.challenge(
            to: try transmission(&session), nonce: "obMatJos2gAAAx", algorithms: algorithms)
        _ = receive(demand, &session)
        let request = try transmission(&session)
        let sent = try attributes(of: request)
        #expect(sent[.passwordAlgorithms] == (uses ? algorithms : nil))
        #expect(sent[.passwordAlgorithm] == (uses ? [0, 2, 0, 0] : nil))

        // The reply must be protected in the same way.
        let key = CannedServer.credentials.key(realm: CannedServer.realm, uses ? .sha256 : .md5)
        let wrong = try CannedServer.response(to: request, .success, key: key, sha256: !uses)
        guard case .ignored(.notAuthentic) = receive(wrong, &session) else {
            Issue.record("the other integrity was taken")
            return
        }
        let right = try CannedServer.response(to: request, .success, key: key, sha256: uses)
        guard case .response(_, let response) = receive(right, &session) else {
            Issue.record("no response")
            return
        }
        #expect(response.isAuthentic)
    }

    @Test(
        "D14: USERHASH takes the place of USERNAME where it is announced, unless switched off",
        arguments: [true, false])
    func userhash(uses: Bool) throws {
        var session = session()
        session.usesUserhash = uses
        session.begin(.allocate(), at: start)
        _ = receive(try CannedServer.challenge(to: try transmission(&session), nonce: "obMatJos2QAAAx"), &session)
        let sent = try attributes(of: try transmission(&session))
        #expect(sent[.userhash] == (uses ? CannedServer.credentials.userhash(realm: CannedServer.realm) : nil))
        #expect(sent[.username] == (uses ? nil : CannedServer.credentials.username))
    }

    @Test("A ticket of mobility is asked for, taken, and shown")
    func mobility() throws {
        var session = session()
        session.begin(.allocate { $0.isMobile = true }, at: start)
        let request = try transmission(&session)
        #expect(try attributes(of: request)[.mobilityTicket] == [])
        let reply = try CannedServer.response(to: request, .success, key: nil) { $0.add(.mobilityTicket, [1, 2, 3]) }
        guard case .response(_, let response) = receive(reply, &session) else {
            Issue.record("no response")
            return
        }
        let ticket = try #require(response.mobilityTicket)
        session.begin(.refresh(moving: ticket), at: start)
        #expect(try attributes(of: try transmission(&session))[.mobilityTicket] == [1, 2, 3])
    }

    @Test(
        "D09: a challenge that announces PASSWORD-ALGORITHMS and lacks them, or names none that is known, is not met",
        arguments: [nil, [], [0, 9, 0, 0], [0, 2, 0]] as [[UInt8]?])
    func bidDown(list: [UInt8]?) throws {
        var session = session()
        session.begin(.allocate(), at: start)
        let demand = try CannedServer.challenge(
            to: try transmission(&session), nonce: "obMatJos2gAAAx", algorithms: list)
        guard case .response(_, let response) = receive(demand, &session) else {
            Issue.record("retried")
            return
        }
        #expect(response.errorCode == 401)
    }

    @Test("B09: a success without its message integrity is not taken, an error is")
    func integrityOfResponses() throws {
        var session = session()
        session.challenge = Challenge(realm: CannedServer.realm, nonce: [1])
        session.begin(.refresh(lifetimeSeconds: 0), at: start)
        let request = try transmission(&session)
        for key in [nil, [1, 2, 3]] as [[UInt8]?] {
            let forged = try CannedServer.response(to: request, .success, key: key)
            guard case .ignored(.notAuthentic) = receive(forged, &session) else {
                Issue.record("a forged success was taken")
                return
            }
        }
        let error = try CannedServer.response(to: request, .error) { $0.add(error: .allocationMismatch) }
        guard case .response(_, let response) = receive(error, &session) else {
            Issue.record("no response")
            return
        }
        #expect(response.errorCode == 437 && response.isAuthentic)
    }

    @Test("Packets that answer nothing are ignored, whatever they are")
    func ignored() throws {
        var session = session()
        session.begin(.binding, at: start)
        let request = try transmission(&session)
        let other = try CannedServer.response(to: request, .success, key: nil)
        var wrongID = other
        wrongID[19] ^= 1
        let withoutCode = try CannedServer.response(to: request, .error, key: nil)
        let packets = [
            [], [0x16, 3], [0xFF], Array(other.prefix(19)), wrongID, request, withoutCode, [0x40, 0, 0, 9],
        ]
        for packet in packets {
            guard case .ignored = receive(packet, &session) else {
                Issue.record("\(packet) was taken")
                return
            }
        }
        #expect(session.nextDeadline != nil)
    }

    @Test("A 420 names the unknown attributes")
    func unknownAttributes() throws {
        var session = session()
        let unknown = AttributeType(rawValue: 0x7777)
        session.begin(.binding.with(.bytes(unknown, [])), at: start)
        let request = try transmission(&session)
        let reply = try CannedServer.response(to: request, .error, key: nil) { writer in
            writer.add(error: .unknownAttribute)
            writer.add(unknownAttributes: [unknown, .dontFragment, unknown])
        }
        guard case .response(_, let response) = receive(reply, &session) else {
            Issue.record("no response")
            return
        }
        #expect(response.unknownAttributes == [unknown, .dontFragment, unknown])
    }

    @Test("J06, K06: Data indications and ChannelData give the place of their payload")
    func relayedData() throws {
        var session = session()
        var writer = MessageWriter()
        writer.begin(MessageType(.data, .indication), TransactionID(high: 1, low: 2))
        writer.add(.xorPeerAddress, xor: mapped)
        writer.add(.data, [5, 6, 7])
        guard case .data(let peer, let payload) = receive(writer.bytes, &session) else {
            Issue.record("no data")
            return
        }
        #expect(peer == mapped)
        #expect(writer.bytes[payload] == [5, 6, 7])

        guard case .channelData(let channel, let place) = receive([0x40, 1, 0, 2, 8, 9, 0, 0], &session) else {
            Issue.record("no channel data")
            return
        }
        #expect(channel.rawValue == 0x4001 && place == 4..<6)
    }

    @Test("Over UDP a request is sent seven times in 39.5 seconds and then given up")
    func retransmission() {
        var session = session()
        let number = session.begin(.binding, at: start)
        var sent: [UInt64] = []
        var copies: Set<[UInt8]> = []
        while let due = session.nextDeadline {
            switch session.poll(at: due) {
            case .transmit(let bytes)?:
                sent.append(due.nanoseconds(since: start) / 1_000_000)
                copies.insert(bytes)
            case .giveUp(let request)?:
                #expect(request == number)
                #expect(due.nanoseconds(since: start) == 39_500_000_000)
            case nil:
                Issue.record("a deadline without an action")
                return
            }
        }
        #expect(sent == [0, 500, 1500, 3500, 7500, 15500, 31500])
        #expect(copies.count == 1)
    }

    @Test("Over a stream a request is sent once")
    func stream() throws {
        var session = session(isStream: true)
        session.begin(.binding, at: start)
        _ = try transmission(&session)
        #expect(session.poll(at: start.adding(seconds: 39)) == nil)
        #expect(session.poll(at: start.adding(seconds: 40)) == .giveUp(request: 0))
        #expect(session.nextDeadline == nil)
    }

    @Test("F04, K09: ChannelData is padded with zeros on a stream and not in a datagram", arguments: 0...5)
    func padding(count: Int) {
        let data = Array(repeating: UInt8(0xFF), count: count)
        let plain = [0x40, 1, 0, UInt8(count)] + data
        let channel = ChannelNumber(rawValue: 0x4001)
        let datagram = session().channelData(channel, data)
        let frame = session(isStream: true).channelData(channel, data)
        #expect(datagram == plain)
        #expect(frame == plain + Array(repeating: 0, count: -count & 3))
    }

    @Test("Data that does not fit its message is refused")
    func tooLong() {
        var session = session()
        session.addsFingerprint = true
        let most = session.sendIndication(to: mapped, Array(repeating: 0, count: 65492), dontFragment: true)
        let more = session.sendIndication(to: mapped, Array(repeating: 0, count: 65493))
        let channel = session.channelData(ChannelNumber(rawValue: 0x4000), Array(repeating: 0, count: 65536))
        #expect(most.map { (try? MessageReader($0.span)) != nil } == true)
        #expect(more == nil)
        #expect(channel == nil)
    }
}
