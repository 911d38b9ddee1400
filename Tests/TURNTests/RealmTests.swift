import Accounts
import Addressing
import Cryptography
import STUN
import TURN
import TestBench
import Testing

@Suite("Realms")
struct RealmTests {
    static let other = Array("other".utf8)
    let bench: Bench

    init() throws {
        let user = StaticUser(name: Array("alice".utf8), secret: .password(Array("alice-pass".utf8)))
        let range = try AddressRange(parsing: "5.6.7.0/24")
        bench = Bench { settings in
            settings.furtherRealms = FurtherRealms(
                [
                    Realm(
                        accounts: Accounts(realm: Self.other, users: [user]),
                        peerPolicy: PeerPolicy(rules: [PeerRule(.deny, range, origin: "test")]))
                ], origins: [Array("https://Other.example".utf8): Self.other])
        }
    }

    private func tenant(at address: String) -> TestClient {
        let client = bench.client(at: address)
        client.realm = Self.other
        client.key =
            PasswordAlgorithm.md5.key(
                username: client.username, realm: Self.other, password: Array("alice-pass".utf8)) ?? []
        return client
    }

    @Test("A client is shown the realm of the page it comes from, and the main one otherwise")
    func challenge() throws {
        let client = bench.client()
        for (origin, realm) in [
            ("https://other.example", Self.other), ("HTTPS://OTHER.EXAMPLE/", Self.other),
            ("https://third.example", Bench.realm), ("", Bench.realm),
        ] {
            var writer = MessageWriter()
            writer.begin(MessageType(.allocate, .request), TestClient.freshTransactionID())
            writer.add(.origin, Array(origin.utf8))
            #expect(try client.answer(to: writer.bytes).value(.realm) == realm)
        }
    }

    @Test("Credentials are good in their own realm alone, and a realm that is not served is refused")
    func credentials() throws {
        #expect(try tenant(at: "90.0.0.1:1").allocate().isSuccess)
        #expect(try bench.client(at: "90.0.0.2:1").allocate().isSuccess)
        let bob = bench.client("bob", at: "90.0.0.3:1")
        bob.realm = Self.other
        #expect(try bob.allocate().error == 401)
        let mixed = bench.client(at: "90.0.0.4:1")
        mixed.realm = Self.other
        #expect(try mixed.allocate().error == 401)
        mixed.realm = Array("nowhere".utf8)
        #expect(try mixed.allocate().error == 401)
    }

    @Test("Each realm has rules about peers of its own")
    func peers() throws {
        let (alice, tenant) = (bench.client(at: "90.0.0.1:1"), tenant(at: "90.0.0.2:1"))
        _ = try (alice.relayed(), tenant.relayed())
        #expect(try alice.permit("5.6.7.8:1").isSuccess)
        #expect(try tenant.permit("5.6.7.8:1").error == 403)
        #expect(try tenant.bind(0x4000, to: "5.6.7.8:1").error == 403)
        #expect(try tenant.permit("6.6.7.8:1").isSuccess)
        // A reload that changes nothing judges by the same rules.
        bench.reload { $0.peerPolicy = PeerPolicy(rules: []) }
        #expect(bench.engine.permissionCount == 2)
        bench.reload { $0.furtherRealms = FurtherRealms() }
        #expect(bench.engine.permissionCount == 2)
    }

    @Test("Users of one name in two realms have a quota each, and a realm may have one of its own")
    func quotas() throws {
        var limits = RelayResources.Limits(userQuota: 1)
        limits.realms[Self.other] = RelayResources.Limits.OfRealm(userQuota: 3, totalQuota: 2)
        bench.resources.limit(to: limits)
        #expect(try bench.client(at: "90.0.0.1:1").allocate().isSuccess)
        #expect(try bench.client(at: "90.0.0.2:1").allocate().error == 486)
        let tenants = (1...3).map { tenant(at: "90.0.1.\($0):1") }
        #expect(try tenants.map { try $0.allocate().error } == [nil, nil, 508])
        #expect(try tenants[0].refresh(lifetime: 0).isSuccess)
        #expect(try tenants[2].allocate().isSuccess)
        #expect(bench.resources.usage.allocations == 3)
        #expect(bench.resources.usage.users == 2)
    }

    @Test("D19: a session of one realm is not that of a user of the same name in another one")
    func strangers() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        let stranger = tenant(at: "90.0.0.1:5000")
        #expect(try stranger.refresh().error == 441)
        #expect(try stranger.permit("6.6.7.8:1").error == 441)
        #expect(try alice.refresh().isSuccess)
    }
}
