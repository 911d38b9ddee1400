import Addressing
import Configuration
import Testing

/// Files such as well-known projects tell their users to write, and Debian's own.
struct FixtureTests {
    static let names = [
        "synapse", "jitsi", "nextcloud-talk", "bigbluebutton", "matrix-docker-ansible", "netbird", "debian",
    ]

    private func fixture(_ name: String) throws -> LoadOutcome {
        load(try #require(bytes(of: "Tests/ConfigurationTests/Fixtures/\(name).conf")))
    }

    @Test(arguments: names)
    func loadsWithoutErrors(name: String) throws {
        let outcome = try fixture(name)
        #expect(outcome.errors == [])
        #expect(outcome.configuration != nil)
    }

    @Test func synapse() throws {
        let configuration = try #require(fixture("synapse").configuration)
        #expect(configuration.realm == Array("turn.matrix.example".utf8))
        #expect(configuration.staticAuthSecrets == [Array("Qx7vT2mB9rLk4WnZ8cYdHsFpJ6gA3eUu".utf8)])
        #expect(configuration.userQuota == 12 && configuration.totalQuota == 1200)
        #expect(configuration.externalAddresses.map(\.description) == ["198.51.100.20", "2001:db8::20"])
        #expect(configuration.peerRules.count { !$0.allow } == 22 && configuration.peerRules.count { $0.allow } == 1)
        #expect(configuration.logDestination == .syslog)
    }

    @Test func jitsi() throws {
        let outcome = try fixture("jitsi")
        let configuration = try #require(outcome.configuration)
        #expect(configuration.noTCP && !configuration.noUDP)
        #expect(configuration.allocationDefaultAddressFamily == .keep)
        #expect(configuration.externalAddresses.map(\.description) == ["203.0.113.7/10.1.0.7"])
        #expect(configuration.servesTLS && configuration.tlsListeningPort == 5349)
        #expect(outcome.warnings.isEmpty)
    }

    @Test func nextcloudTalk() throws {
        let configuration = try #require(fixture("nextcloud-talk").configuration)
        #expect(configuration.listeningPort == 5349 && configuration.fingerprint)
        #expect(configuration.longTermCredentials && configuration.totalQuota == 0)
        #expect(configuration.nonceLifetimeSeconds == 600)
        #expect(configuration.logDestination == .file("/var/log/turnserver.log"))
    }

    @Test func bigBlueButton() throws {
        let configuration = try #require(fixture("bigbluebutton").configuration)
        #expect(configuration.minPort == 32769 && configuration.verbose)
        #expect(configuration.relayAddresses == configuration.listeningAddresses)
        #expect(configuration.peerRules.map(\.range.description) == ["0.0.0.0/0", "::/0", "172.16.5.10"])
    }

    @Test func matrixDockerAnsible() throws {
        let configuration = try #require(fixture("matrix-docker-ansible").configuration)
        #expect(configuration.staticAuthSecrets == [Array("pNfXw3m#kLq0 3vYtR8bZs2".utf8)])
        #expect(configuration.maxPort == 49172 && configuration.pidFile == "/var/tmp/turnserver.pid")
        let relay = try #require(IPAddress("10.0.0.1"))
        #expect(configuration.externalAddress(of: relay).description == "198.51.100.91")
    }

    @Test func netBird() throws {
        let configuration = try #require(fixture("netbird").configuration)
        let password = ConfiguredUser.Secret.password(Array("Zb4:kQ7#pass=word".utf8))
        #expect(configuration.users == [ConfiguredUser(name: Array("self".utf8), secret: password)])
        #expect(configuration.pidFile == "/var/tmp/turnserver.pid")
    }
}
