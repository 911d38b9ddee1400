import STUN
import TURN
import TestBench
import Testing

/// The table of error replies: what sends each code, which attributes it carries, and whether it is signed.
@Suite("Error replies")
struct ErrorReplyTests {
    /// What a reply carries behind ERROR-CODE.
    enum Extra { case nothing, challenge, unknown }

    func check(_ reply: Reply, _ code: UInt16, _ extra: Extra = .nothing, signedBy client: TestClient?) {
        #expect(reply.error == code)
        let middle: [AttributeType] =
            switch extra {
            case .nothing: []
            case .challenge: [.realm, .nonce]
            case .unknown: [.unknownAttributes]
            }
        #expect(reply.types == [.errorCode] + middle + (client == nil ? [] : [.messageIntegrity]))
        if let client { #expect(reply.hasIntegrity(under: client.key)) }
    }

    @Test("0b, B09: before authentication replies are not signed, and only 401 and 438 carry a challenge")
    func unsigned() throws {
        let bench = Bench()
        let alice = bench.client()
        check(try alice.answer(to: alice.bare(.allocate)), 401, .challenge, signedBy: nil)
        alice.nonce = [1]
        check(try alice.answer(to: alice.message(.allocate)), 438, .challenge, signedBy: nil)
        var writer = MessageWriter()
        writer.begin(MessageType(.allocate, .request), TestClient.freshTransactionID())
        alice.sign(&writer)
        check(try alice.answer(to: writer.bytes), 400, signedBy: nil)
        let unknown = alice.bare(.binding) { $0.add(AttributeType(rawValue: 0x7777), []) }
        check(try alice.answer(to: unknown), 420, .unknown, signedBy: nil)
    }

    @Test("0b, B09: after authentication every error is signed and carries no challenge")
    func signed() throws {
        let bench = Bench(addresses: [Bench.relayAddresses[0]], limits: RelayResources.Limits(userQuota: 1))
        let alice = bench.client()
        let bob = bench.client("bob")
        check(try alice.refresh(), 437, signedBy: alice)
        check(try alice.request(.allocate), 400, signedBy: alice)
        check(try alice.allocate { $0.add(.requestedAddressFamily, UInt32(2 << 24)) }, 440, signedBy: alice)
        check(try alice.request(.allocate) { $0.add(.requestedTransport, UInt32(6 << 24)) }, 442, signedBy: alice)
        check(try alice.allocate { $0.add(.reservationToken, UInt64(1)) }, 508, signedBy: alice)
        check(try alice.allocate { $0.add(AttributeType(rawValue: 0x7777), []) }, 420, .unknown, signedBy: alice)
        _ = try alice.relayed()
        check(try alice.allocate(), 437, signedBy: alice)
        check(try bench.client(at: "90.0.0.1:2").allocate(), 486, signedBy: alice)
        check(try alice.permit("10.0.0.1:1"), 403, signedBy: alice)
        check(try alice.permit("[2a02::5]:1"), 443, signedBy: alice)
        check(try alice.permit(), 400, signedBy: alice)
        check(try alice.bind(0x3000, to: "5.6.7.8:1"), 400, signedBy: alice)
        check(try bob.refresh(), 441, signedBy: bob)
    }

    @Test("0b: a refused request is told to the operator with user and code, a failed login with the user")
    func events() throws {
        let bench = Bench()
        let alice = bench.client()
        _ = try alice.refresh()
        guard case .requestRefused(let fiveTuple, let username, let method, let code) = bench.host.events.last else {
            Issue.record("no event")
            return
        }
        #expect(fiveTuple == alice.fiveTuple && username == alice.username && method == .refresh)
        #expect(code == .allocationMismatch)
        alice.key = [1]
        _ = try alice.answer(to: alice.message(.refresh))
        guard case .authenticationFailed(_, let name, .refresh, .credentials) = bench.host.events.last else {
            Issue.record("no event")
            return
        }
        #expect(name == alice.username)
    }

    @Test("0b: 487 and the codes of features that are off are never sent")
    func neverSent() {
        #expect(!ErrorCode.allCases.map(\.rawValue).contains(487))
        #expect(ErrorCode.allCases.allSatisfy { (300..<700).contains($0.rawValue) && $0.rawValue % 100 < 100 })
        #expect(ErrorCode.allCases.allSatisfy { $0.reason.utf8.count < 128 && !$0.reason.isEmpty })
    }
}
