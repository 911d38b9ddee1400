import Addressing
import Configuration
import Testing

/// Settings that are each in order and do not fit together.
struct ConsistencyTests {
    private static let secret = "static-auth-secret=0123456789abcdef"

    @Test(arguments: [
        ("min-port=50000\nmax-port=49999", "max-port"), ("max-port=1000", "max-port"),
        ("min-port=60000\nmax-port=50000", "max-port"), ("no-udp\nno-tcp", "no-tcp"),
        ("stun-only\nno-stun", "no-stun"), ("no-stun", "no-stun"), ("secure-stun", "secure-stun"),
        ("user=a:b", "realm"), (secret, "realm"), ("realm=r\nuse-auth-secret", "use-auth-secret"),
        ("cert=/c.pem", "cert"), ("pkey=/k.pem", "pkey"), ("dtls", "dtls"),
        ("no-udp\nno-tcp\nno-tls\ncert=c\npkey=k", "no-tcp"),
        ("rfc5780\nalt-listening-port=3478", "alt-listening-port"), ("oauth", "oauth"),
        ("oauth\nserver-name=n\noauth-key=k:0123456789abcdef", "realm"),
        ("tcp-proxy-port=3478", "tcp-proxy-port"), ("tcp-proxy-port=5349", "tcp-proxy-port"),
        ("listening-ip=fe80::1", "listening-ip"), ("relay-ip=fe80::1", "relay-ip"),
        ("aux-server=[fe80::1]:3480", "aux-server"),
        ("relay-ip=192.0.2.1\nrelay-ip=192.0.2.2\nexternal-ip=198.51.100.1", "external-ip"),
        ("listening-ip=192.0.2.1\nlistening-ip=192.0.2.2\nexternal-ip=198.51.100.1", "external-ip"),
        ("relay-ip=192.0.2.1\nrelay-ip=192.0.2.2\nexternal-ip=192.0.2.2/192.0.2.1", "external-ip"),
        ("realm=r\nuser=a:b\nno-auth", "no-auth"), ("lt-cred-mech\nno-auth", "no-auth"),
        ("bps-capacity=1000", "bps-capacity"), ("max-bps=1001\nbps-capacity=1000", "bps-capacity"),
    ])
    func contradictionsAreErrors(text: String, option: String) {
        let errors = load(text).problems.filter { $0.severity == .error }
        #expect(errors.map(\.option) == [option])
    }

    private static let surprises: [(String, String?)] = [
        ("", nil), ("no-auth", "no-auth"), ("realm=r\nuser=a:b\nuser=a:c", "user"), ("relay-ip=0.0.0.0", "relay-ip"),
        ("listening-port=50000", "listening-port"), ("allow-loopback-peers", "allow-loopback-peers"),
        ("external-ip=192.0.2.1\nexternal-ip=192.0.2.2", "external-ip"),
        ("alternate-server=192.0.2.1", "alternate-server"),
        ("realm=r\nuser=a:b\ntls-alternate-server=127.0.0.1", "tls-alternate-server"),
        ("oauth-key=k:0123456789abcdef", "oauth-key"),
        ("rfc5780", "rfc5780"), ("tcp-proxy-port=3480", "tcp-proxy-port"),
        ("no-tcp\nproxy-protocol-from=192.0.2.1", "proxy-protocol-from"),
        ("rfc5780\nlistening-ip=192.0.2.1\nlistening-ip=2001:db8::1", "rfc5780"),
        ("realm=r\nuserhash\n" + secret, "userhash"),
        ("realm=r\nuser=a:0x" + String(repeating: "00", count: 32), "user"),
        ("realm=r\nrequire-sha256\nuser=a:0x" + String(repeating: "00", count: 16), "user"),
    ]

    @Test(arguments: surprises)
    func surprisesAreWarnings(text: String, option: String?) throws {
        let outcome = load(text)
        #expect(outcome.configuration != nil)
        #expect(outcome.problems.contains { $0.severity == .warning && $0.option == option })
    }

    @Test(arguments: [
        "relay-ip=192.0.2.1\nrelay-ip=2001:db8::1\nexternal-ip=198.51.100.1\nexternal-ip=2001:db8:1::1",
        "relay-ip=192.0.2.1\nrelay-ip=192.0.2.2\nexternal-ip=198.51.100.1/192.0.2.1\nexternal-ip=198.51.100.2/192.0.2.2",
        "listening-ip=192.0.2.1\nlistening-ip=192.0.2.2\nrelay-ip=192.0.2.1\nexternal-ip=198.51.100.1",
    ])
    func relayAddressesThatClientsCanTellApartAreFine(text: String) {
        #expect(load(text).errors == [])
    }

    @Test func everyPortThatIsListenedOnIsAServicePort() {
        let text =
            "listening-port=1\ntls-listening-port=2\ntcp-proxy-port=4\naux-server=192.0.2.1:5\naux-server=[::1]:6"
        #expect(load(text).configuration?.servicePorts == [1, 2, 4, 5, 6])
    }

    @Test func credentialsDecideWhoMayRelay() {
        #expect(load("").configuration?.relayAccess == .nobody)
        #expect(load("lt-cred-mech").configuration?.relayAccess == .nobody)
        #expect(load("no-auth").configuration?.relayAccess == .open)
        #expect(load("realm=r\nuser=a:b").configuration?.relayAccess == .credentials)
        #expect(load("realm=r\nuser=a:b\nstun-only").configuration?.relayAccess == .nobody)
    }

    @Test func certificateAndKeyMakeTLS() throws {
        #expect(load("cert=/c.pem\npkey=/k.pem").configuration?.servesTLS == true)
        #expect(load("cert=/c.pem\npkey=/k.pem\nno-tls").configuration?.servesTLS == false)
        #expect(load("cert=/c.pem\npkey=/k.pem").configuration?.servesDTLS == false)
        #expect(load("cert=/c.pem\npkey=/k.pem\ndtls").configuration?.servesDTLS == true)
        #expect(load("cert=/c.pem\npkey=/k.pem\ndtls\nno-dtls").configuration?.servesDTLS == false)
        #expect(load("no-udp\nno-tcp\ncert=/c.pem\npkey=/k.pem").configuration?.servesTLS == true)
        #expect(load("cert=/c.pem\nno-tls").configuration?.servesTLS == false)
        let without = load("")
        #expect(without.configuration?.servesTLS == false)
        #expect(without.problems.contains { $0.severity == .note && $0.option == "tls-listening-port" })
    }

    @Test func credentialsImplyTheirMechanisms() {
        let users = load("realm=r\nuser=a:b").configuration
        #expect(users?.longTermCredentials == true && users?.useAuthSecret == false)
        let secrets = load("realm=r\n" + Self.secret).configuration
        #expect(secrets?.longTermCredentials == true && secrets?.useAuthSecret == true)
    }

    @Test func behaviourDiscoveryTakesTwoAddressesOfEachFamily() {
        let text =
            "rfc5780\n"
            + ["192.0.2.1", "2001:db8::1", "192.0.2.2", "192.0.2.3"].map { "listening-ip=\($0)\n" }.joined()
        let configuration = load(text).configuration
        #expect(configuration?.discoveryAddresses.map(\.description) == ["192.0.2.1", "192.0.2.2"])
        #expect(configuration?.alternatePort == 3479)
        #expect(load(text + "alt-listening-port=5000").configuration?.alternatePort == 5000)
        #expect(load(text + "no-rfc5780").configuration?.discoveryAddresses == [])
    }

    @Test func whoeverRequiresSHA256OffersIt() {
        #expect(load("require-sha256").configuration?.passwordAlgorithms == true)
        let key = "realm=r\npassword-algorithms\nuser=a:0x" + String(repeating: "00", count: 32)
        #expect(!load(key).problems.contains { $0.severity == .warning })
    }

    @Test func ofTwoLinesForOneUserTheLaterCounts() {
        let users = load("realm=r\nuser=a:1\nuser=b:2\nuser=a:3").configuration?.users
        #expect(users?.map(\.secret) == [.password(Array("2".utf8)), .password(Array("3".utf8))])
    }

    @Test func externalAddressesAreFoundForEachRelayAddress() throws {
        let text = "external-ip=192.0.2.1\nexternal-ip=192.0.2.2/10.0.0.2\nexternal-ip=2001:db8::1"
        let configuration = try #require(load(text).configuration)
        func seen(_ text: String) throws -> String {
            configuration.externalAddress(of: try #require(IPAddress(text))).description
        }
        #expect(try seen("10.0.0.1") == "192.0.2.1")
        #expect(try seen("10.0.0.2") == "192.0.2.2")
        #expect(try seen("fd00::1") == "2001:db8::1")
    }

    @Test func workersFollowThreadsThenCPUs() {
        #expect(load("").configuration?.workerCount(detectedCPUs: 6) == 6)
        #expect(load("cpus=2").configuration?.workerCount(detectedCPUs: 6) == 2)
        #expect(load("cpus=2\nrelay-threads=3").configuration?.workerCount(detectedCPUs: 6) == 3)
        #expect(load("").configuration?.workerCount(detectedCPUs: 0) == 1)
    }

    @Test func theRateLimitCanBeTurnedOffInTwoWays() {
        #expect(load("").configuration?.unauthorizedRepliesPerSecond == 10)
        #expect(load("unauthorized-ratelimit=off").configuration?.unauthorizedRepliesPerSecond == nil)
        #expect(load("unauthorized-ratelimit-rps=0").configuration?.unauthorizedRepliesPerSecond == nil)
    }
}
