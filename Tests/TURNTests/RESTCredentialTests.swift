import Accounts
import Addressing
import Cryptography
import STUN
import TURN
import TestBench
import Testing
import Timing

/// Time-limited credentials of the TURN REST API.
@Suite("REST credentials")
struct RESTCredentialTests {
    let bench = Bench()

    func restClient(_ bench: Bench, _ username: String, _ secret: String, port: Int = 5000) -> TestClient {
        let client = bench.client(at: "90.0.0.1:\(port)")
        client.username = Array(username.utf8)
        let password = SharedSecret(Array(secret.utf8))?.password(for: client.username) ?? []
        client.key = PasswordAlgorithm.md5.key(username: client.username, realm: Bench.realm, password: password) ?? []
        return client
    }

    @Test("D21: each of several secrets opens the door")
    func rotation() throws {
        let bench = Bench(secrets: ["north", "south"])
        for (index, secret) in ["north", "south"].enumerated() {
            let alice = restClient(bench, "1800000000:alice", secret, port: index + 1)
            #expect(try alice.allocate().isSuccess)
            #expect(try alice.refresh().isSuccess)
        }
        #expect(try restClient(bench, "1800000000:alice", "west", port: 9).allocate().error == 401)
    }

    @Test("Q01, 0d: a REST credential opens an allocation at its expiry and not a second later")
    func restExpiry() throws {
        for (seconds, code) in [(-1, nil), (0, nil), (1, 401)] as [(Int64, UInt16?)] {
            let bench = Bench(secrets: ["mysecret"])
            let username = "\(bench.now.unixSeconds - seconds):alice"
            #expect(try restClient(bench, username, "mysecret").allocate().error == code)
        }
    }

    @Test("H07, 0d: a REST credential that has expired still refreshes, permits and binds; a new Allocate gets 401")
    func restSession() throws {
        let bench = Bench(secrets: ["mysecret"])
        let alice = restClient(bench, "\(bench.now.unixSeconds + 10):alice", "mysecret")
        _ = try alice.relayed()
        for _ in 0..<5 {
            bench.advance(seconds: 500)
            #expect(try alice.refresh().lifetime == 600)
            #expect(try alice.permit("5.6.7.8:1").isSuccess)
            #expect(try alice.bind(0x4000, to: "5.6.7.8:1").isSuccess)
        }
        #expect(
            try restClient(bench, "\(bench.now.unixSeconds - 1):alice", "mysecret", port: 2).allocate().error == 401)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(try alice.allocate().error == 401)
        #expect(try alice.refresh().error == 401)
    }

    @Test("Q02: the quota counts under the name in a REST username, whatever the expiry")
    func restQuota() throws {
        let bench = Bench(limits: RelayResources.Limits(userQuota: 2), secrets: ["mysecret"])
        #expect(try restClient(bench, "1800000000:alice", "mysecret", port: 1).allocate().isSuccess)
        #expect(try restClient(bench, "1800000001:alice", "mysecret", port: 2).allocate().isSuccess)
        #expect(try restClient(bench, "1800000002:alice", "mysecret", port: 3).allocate().error == 486)
        #expect(try restClient(bench, "1800000002:bob", "mysecret", port: 3).allocate().isSuccess)
        #expect(bench.resources.usage.users == 2)
    }

    @Test("Q01, N7: a username that is no REST username gets 401")
    func restForms() throws {
        let bench = Bench(secrets: ["mysecret"])
        for username in [
            "99999999999999999999:x", "-1:x", "+1800000000:x", " 1800000000:x", ":", "", "x", "1700000000x:y",
        ] {
            #expect(try restClient(bench, username, "mysecret").allocate().error == 401)
        }
        #expect(try restClient(bench, "1800000000:", "mysecret", port: 1).allocate().isSuccess)
        #expect(try restClient(bench, "1800000000:a:b", "mysecret", port: 2).allocate().isSuccess)
    }

    @Test("D19: another REST username of the same person is another user within an allocation")
    func otherRESTUsername() throws {
        let bench = Bench(secrets: ["mysecret"])
        #expect(try restClient(bench, "1800000000:alice", "mysecret").allocate().isSuccess)
        #expect(try restClient(bench, "1800000001:alice", "mysecret").refresh().error == 441)
    }
}
