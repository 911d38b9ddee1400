import Addressing
import Cryptography
import STUN
import TURNClient
import Testing
import Timing

@Suite("Client session: credentials")
struct ClientAuthenticationTests {
    private let bench = SessionBench()

    @Test("A 401 has the request sent again with credentials, under a new transaction id")
    func challenge() throws {
        var session = bench.session()
        let number = session.begin(.allocate(), at: bench.start)
        let first = try bench.transmission(&session)
        #expect(try attributes(of: first).keys.sorted { $0.rawValue < $1.rawValue } == [.requestedTransport])
        guard case .challenged(number) = bench.receive(try CannedServer.challenge(to: first), &session) else {
            Issue.record("not challenged")
            return
        }

        let second = try bench.transmission(&session)
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
            writer.add(.xorRelayedAddress, xor: bench.relayed)
            writer.add(.xorMappedAddress, xor: bench.mapped)
            writer.add(.lifetime, UInt32(600))
            writer.add(.reservationToken, UInt64(0x0123_4567_89AB_CDEF))
        }
        guard case .response(number, let response) = bench.receive(reply, &session) else {
            Issue.record("no response")
            return
        }
        #expect(response.isAuthentic)
        #expect(response.relayedAddresses == [bench.relayed])
        #expect(response.lifetimeSeconds == 600)
        #expect(response.reservationToken == 0x0123_4567_89AB_CDEF)
        #expect(
            response.attributeTypes == [.xorRelayedAddress, .xorMappedAddress, .lifetime, .reservationToken])
    }

    @Test("A second 401 is final, and so is a second 438 in a row")
    func givesUp() throws {
        var session = bench.session()
        session.begin(.allocate(), at: bench.start)
        _ = bench.receive(try CannedServer.challenge(to: try bench.transmission(&session)), &session)
        let stale = try CannedServer.challenge(to: try bench.transmission(&session), .staleNonce, nonce: "fresh")
        guard case .challenged = bench.receive(stale, &session) else {
            Issue.record("a stale nonce is renewed once")
            return
        }
        #expect(session.challenge?.nonce == Array("fresh".utf8))
        let again = try CannedServer.challenge(to: try bench.transmission(&session), .staleNonce, nonce: "fresher")
        guard case .response(_, let response) = bench.receive(again, &session) else {
            Issue.record("a second stale nonce is final")
            return
        }
        #expect(response.errorCode == 438)
        #expect(session.challenge?.nonce == Array("fresher".utf8))

        session.begin(.refresh(), at: bench.start)
        let wrong = try CannedServer.challenge(to: try bench.transmission(&session))
        guard case .response(_, let refusal) = bench.receive(wrong, &session) else {
            Issue.record("a 401 to credentials is final")
            return
        }
        #expect(refusal.errorCode == 401)
    }

    @Test("D09, D12, D13: PASSWORD-ALGORITHMS is taken up with SHA-256, unless switched off", arguments: [true, false])
    func passwordAlgorithms(uses: Bool) throws {
        let algorithms: [UInt8] = [0, 2, 0, 0, 0, 1, 0, 0]
        var session = bench.session()
        session.usesPasswordAlgorithms = uses
        session.begin(.allocate(), at: bench.start)
        let demand = try CannedServer.challenge(
            to: try bench.transmission(&session), nonce: "obMatJos2gAAAx", algorithms: algorithms)
        _ = bench.receive(demand, &session)
        let request = try bench.transmission(&session)
        let sent = try attributes(of: request)
        #expect(sent[.passwordAlgorithms] == (uses ? algorithms : nil))
        #expect(sent[.passwordAlgorithm] == (uses ? [0, 2, 0, 0] : nil))

        // The reply must be protected in the same way.
        let key = CannedServer.credentials.key(realm: CannedServer.realm, uses ? .sha256 : .md5)
        let wrong = try CannedServer.response(to: request, .success, key: key, sha256: !uses)
        guard case .ignored(.notAuthentic) = bench.receive(wrong, &session) else {
            Issue.record("the other integrity was taken")
            return
        }
        let right = try CannedServer.response(to: request, .success, key: key, sha256: uses)
        guard case .response(_, let response) = bench.receive(right, &session) else {
            Issue.record("no response")
            return
        }
        #expect(response.isAuthentic)
    }

    @Test(
        "D14: USERHASH takes the place of USERNAME where it is announced, unless switched off",
        arguments: [true, false])
    func userhash(uses: Bool) throws {
        var session = bench.session()
        session.usesUserhash = uses
        session.begin(.allocate(), at: bench.start)
        _ = bench.receive(
            try CannedServer.challenge(to: try bench.transmission(&session), nonce: "obMatJos2QAAAx"), &session)
        let sent = try attributes(of: try bench.transmission(&session))
        #expect(sent[.userhash] == (uses ? CannedServer.credentials.userhash(realm: CannedServer.realm) : nil))
        #expect(sent[.username] == (uses ? nil : CannedServer.credentials.username))
    }

    @Test(
        "D09: a challenge that announces PASSWORD-ALGORITHMS and lacks them, or names none that is known, is not met",
        arguments: [nil, [], [0, 9, 0, 0], [0, 2, 0]] as [[UInt8]?])
    func bidDown(list: [UInt8]?) throws {
        var session = bench.session()
        session.begin(.allocate(), at: bench.start)
        let demand = try CannedServer.challenge(
            to: try bench.transmission(&session), nonce: "obMatJos2gAAAx", algorithms: list)
        guard case .response(_, let response) = bench.receive(demand, &session) else {
            Issue.record("retried")
            return
        }
        #expect(response.errorCode == 401)
    }

    @Test("B09: a success without its message integrity is not taken, an error is")
    func integrityOfResponses() throws {
        var session = bench.session()
        session.challenge = Challenge(realm: CannedServer.realm, nonce: [1])
        session.begin(.refresh(lifetimeSeconds: 0), at: bench.start)
        let request = try bench.transmission(&session)
        for key in [nil, [1, 2, 3]] as [[UInt8]?] {
            let forged = try CannedServer.response(to: request, .success, key: key)
            guard case .ignored(.notAuthentic) = bench.receive(forged, &session) else {
                Issue.record("a forged success was taken")
                return
            }
        }
        let error = try CannedServer.response(to: request, .error) { $0.add(error: .allocationMismatch) }
        guard case .response(_, let response) = bench.receive(error, &session) else {
            Issue.record("no response")
            return
        }
        #expect(response.errorCode == 437 && response.isAuthentic)
    }
}
