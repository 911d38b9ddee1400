import Addressing
import Configuration
import Testing

struct ValueTests {
    @Test(arguments: [
        "listening-port=0", "listening-port=65536", "listening-port=-1", "listening-port=3478x", "min-port=",
        "tls-listening-port=99999", "total-quota=many", "relay-threads=1025", "max-allocate-lifetime=0",
        "user-quota=99999999999999999999999", "denied-peer-ip=10.0.0.9-10.0.0.1", "denied-peer-ip=10.0.0.0/33",
        "denied-peer-ip=10.0.0.0-::1", "allowed-peer-ip=example.org", "external-ip=turn.example.org",
        "external-ip=192.0.2.1/2001:db8::1", "external-ip=192.0.2.1/", "listening-ip=010.0.0.1", "user=nocolon",
        "user=:password", "user=name:", "user=name:0x12", "user=name:0x0123456789abcdef0123456789abcdeg",
        "static-auth-secret=", "static-auth-secret=fifteen-bytes-x", "rest-api-separator=::", "log-format=xml",
        "log-min-level=loud", "syslog-facility=local8", "allocation-default-address-family=ipv5", "fingerprint=maybe",
        "pidfile=/run/\0x", "alternate-server=turn.example.org", "alternate-server=0.0.0.0:3478",
        "oauth-key=k:0123456789abcdefg", "oauth-key=0123456789abcdef", "oauth-key=:0123456789abcdef",
        "oauth-key=k:0x0123456789abcdef", "alternate-server=192.0.2.1:0", "tls-alternate-server=192.0.2.1/a b",
        "realm=\u{1}", "tcp-proxy-port=0", "aux-server=192.0.2.1", "aux-server=192.0.2.1:0", "aux-server=example.org:1",
        "proxy-protocol-from=example.org", "max-unauthenticated-connections=0",
    ])
    func badValuesAreRefused(line: String) throws {
        let error = try #require(load(line).errors.first)
        #expect(error.hasPrefix("test.conf:1: error: ") && error.contains("expected"))
    }

    @Test func theMessageSaysWhatWasFoundAndExpected() {
        #expect(
            load("max-port=70000").errors == [
                "test.conf:1: error: max-port: expected a port from 1 to 65535, found \"70000\""
            ])
    }

    @Test(arguments: [
        "user=alice hunter2", "static-auth-secret=hunter2", "stateless-nonce-secret=hunter2", "oauth-key=k:hunter2",
    ])
    func secretsAreNeverShown(line: String) {
        let outcome = load(line)
        #expect(!outcome.errors.isEmpty)
        #expect(!outcome.problems.contains { $0.description.contains("hunter2") })
    }

    @Test func bytesOfAStrangerStayOnOneLine() {
        let error = load("listening-port=\u{1B}[2J\"é" + String(repeating: "x", count: 500)).errors.first ?? ""
        #expect(error.contains("found \"\\x1b[2J\\\"\\xc3\\xa9xxx"))
        #expect(error.utf8.allSatisfy { (0x20...0x7E).contains($0) } && error.count < 200)
    }

    @Test func usersHaveAPasswordOrAKey() {
        let sha256 = String(repeating: "aB", count: 32)
        let users = load("realm=r\nuser=a:p:q\nuser=b:0x00112233445566778899aAbBcCdDeEfF\nuser=c:0x" + sha256)
            .configuration?.users
        let key: [UInt8] = (0..<16).map { $0 * 0x11 }
        #expect(
            users == [
                ConfiguredUser(name: Array("a".utf8), secret: .password(Array("p:q".utf8))),
                ConfiguredUser(name: Array("b".utf8), secret: .key(key)),
                ConfiguredUser(name: Array("c".utf8), secret: .key(Array(repeating: 0xAB, count: 32))),
            ])
    }

    @Test func alternateServersHaveAnAddressAndMayHaveAName() {
        let text =
            "alternate-server=192.0.2.1\nudp-alternate-server=[2001:db8::1]:99\ntcp-alternate-server=192.0.2.2:5\n"
            + "tls-alternate-server=192.0.2.3/turn.example.org"
        let servers = load(text).configuration?.alternateServers
        #expect(
            servers?.map(\.address.description) == [
                "192.0.2.1:3478", "[2001:db8::1]:99", "192.0.2.2:5", "192.0.2.3:5349",
            ])
        #expect(servers?.map(\.clients) == [.udpAndTCP, .udp, .tcp, .tlsAndDTLS])
        #expect(servers?.last?.domain == Array("turn.example.org".utf8))
    }

    @Test func rulesAboutPeersRememberTheirLine() throws {
        let text = "denied-peer-ip=10.0.0.0-10.255.255.255\ndenied-peer-ip=fc00::/7\nallowed-peer-ip=10.1.2.3"
        let rules = try #require(load(text).configuration?.peerRules)
        #expect(
            rules.map(\.description) == [
                "denied-peer-ip=10.0.0.0/8 (test.conf:1)", "denied-peer-ip=fc00::/7 (test.conf:2)",
                "allowed-peer-ip=10.1.2.3 (test.conf:3)",
            ])
    }

    @Test func staleNonceMayStandAlone() {
        #expect(load("stale-nonce").configuration?.nonceLifetimeSeconds == 600)
        #expect(load("stale-nonce=0").configuration?.nonceLifetimeSeconds == 0)
    }

    @Test func anEmptyPathIsNoPath() {
        #expect(load("pidfile=/run/x.pid", arguments: ["--pidfile="]).configuration?.pidFile == .some(nil))
    }

    @Test func wordsHaveCoturnsSpellings() throws {
        let text = "syslog-facility=LOG_LOCAL1\nlog-min-level=warn\nkeep-address-family\nlog-file=-"
        let configuration = try #require(load(text).configuration)
        #expect(configuration.syslogFacility == .local1)
        #expect(configuration.logLevel == .warning)
        #expect(configuration.allocationDefaultAddressFamily == .keep)
        #expect(configuration.logDestination == .standardOutput)
    }
}
