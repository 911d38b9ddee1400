import Addressing
import Configuration
import Testing

@Suite("Configuration change")
struct ConfigurationChangeTests {
    @Test("Nothing changes when the same is written again, in another order and on other lines")
    func same() throws {
        let old = try configuration("user-quota=5\nuser=a:b\ndenied-peer-ip=198.51.100.0/24\nrealm=r")
        let new = try configuration("\n\nrealm=r\nuser=a:b\nuser-quota=5\ndenied-peer-ip=198.51.100.0/24")
        let change = ConfigurationChange(from: old, to: new)
        #expect(change.changed.isEmpty)
        #expect(change.awaitingRestart.isEmpty)
    }

    @Test("What can change takes its new value, what cannot keeps the old one, and each is named")
    func mixed() throws {
        let old = try configuration("user-quota=5\nmin-port=50000\nuser=a:b\nrealm=r\nlistening-ip=127.0.0.1")
        let new = try configuration("user-quota=6\nmin-port=51000\nuser=a:c\nrealm=r\nlistening-ip=127.0.0.2\nverbose")
        let change = ConfigurationChange(from: old, to: new)
        #expect(change.changed == ["user", "user-quota", "verbose"])
        #expect(change.awaitingRestart == ["listening-ip", "min-port"])
        #expect(change.effective.userQuota == 6)
        #expect(change.effective.minPort == 50000)
        #expect(change.effective.listeningAddresses == old.listeningAddresses)
        #expect(change.effective.users == new.users)
        // The difference stays until the restart.
        #expect(ConfigurationChange(from: change.effective, to: new).awaitingRestart == ["listening-ip", "min-port"])
    }

    @Test("A certificate can be replaced, but TLS begins and ends with a restart")
    func certificate() throws {
        let (none, one, other) = (
            try configuration(""), try configuration("cert=a\npkey=b"), try configuration("cert=c\npkey=b")
        )
        #expect(ConfigurationChange(from: one, to: other).changed == ["cert"])
        #expect(ConfigurationChange(from: none, to: one).awaitingRestart == ["cert", "pkey"])
        #expect(ConfigurationChange(from: one, to: none).effective.certificateFile == "a")
    }

    @Test("Every setting that has a value says when a change of it takes effect")
    func allSay() {
        for setting in SettingsTable.settings where setting.status == .built { #expect(setting.reload != nil) }
    }

    private func configuration(_ text: String) throws -> ServerConfiguration {
        try #require(load(text + "\n").configuration)
    }
}
