import Configuration
import Testing

struct SettingsTableTests {
    @Test func everyNameOfCoturnIsKnown() {
        for name in coturnNames { #expect(SettingsTable.setting(named: name) != nil, "\(name)") }
        for letter in coturnLetters { #expect(SettingsTable.setting(short: letter) != nil, "-\(letter)") }
    }

    @Test func namesAndLettersAreUnique() {
        let names = SettingsTable.settings.flatMap(\.names)
        let letters = SettingsTable.settings.compactMap(\.short)
        #expect(Set(names).count == names.count)
        #expect(Set(letters).count == letters.count)
    }

    @Test func everySettingSaysWhatItIsFor() {
        for setting in SettingsTable.settings {
            #expect(setting.summary.hasSuffix(".") && setting.summary.count <= 80, "\(setting.name)")
            #expect(setting.note.isEmpty || setting.note.hasSuffix("."), "\(setting.name)")
        }
    }

    /// The defaults that the documents show are those of ServerConfiguration: writing them down changes nothing.
    @Test func writingTheDefaultsDownChangesNothing() throws {
        let lines = SettingsTable.settings.filter { $0.status == .built }.compactMap { setting in
            setting.defaultValue.map { "\(setting.name)=\($0)" }
        }
        #expect(lines.count > 30)
        let written = try #require(load(lines.joined(separator: "\n")).configuration)
        var expected = ServerConfiguration()
        expected.logMinLevel = written.logMinLevel
        #expect(String(reflecting: written) == String(reflecting: expected))
    }
}

/// The short flags of coturn's getopt string.
private let coturnLetters: [Character] = Array("cndpLiEXmazubeMJNOrqQsBvVofSlCKAh")

/// The names of coturn 4.17's parser, and those of older versions that deployed files still hold.
private let coturnNames = """
    listening-ip listening-port tls-listening-port alt-listening-port alt-tls-listening-port listening-device
    relay-device tcp-proxy-port relay-ip external-ip min-port max-port aux-server udp-self-balance relay-threads cpus
    sock-buf-size no-udp no-tcp no-tls dtls no-dtls no-udp-relay no-tcp-relay server-relay keep-address-family
    allocation-default-address-family multiplex-peer multiplex-peer-port multiplex-peer-max-peers udp-recvmmsg udp-gso
    use-auth-secret static-auth-secret lt-cred-mech no-auth user realm server-name oauth rest-api-separator userdb db
    psql-userdb sql-userdb mysql-userdb mongo-userdb redis-userdb redis-statsdb secret-key-file no-auth-pings
    no-dynamic-ip-list no-dynamic-realms check-origin-consistency user-quota total-quota max-bps bps-capacity
    stale-nonce stateless-nonce stateless-nonce-secret max-allocate-lifetime channel-lifetime permission-lifetime
    max-allocate-timeout stun-only no-stun secure-stun mobility unauthorized-ratelimit unauthorized-ratelimit-rps
    cert pkey pkey-pwd CA-file cipher-list ec-curve-name dh566 dh1066 dh2066 dh-file tlsv1 tlsv1_1 no-tlsv1 no-tlsv1_1
    no-tlsv1_2 no-sslv2 no-sslv3 raw-public-keys denied-peer-ip allowed-peer-ip no-multicast-peers allow-loopback-peers
    no-loopback-peers fingerprint software-attribute no-software-attribute prod rfc5780 no-rfc5780
    stun-backward-compatibility no-stun-backward-compatibility rfc3489-compatibility rfc5766-channel-numbers
    response-origin-only-with-rfc5780 respond-http-unsupported acme-redirect drop-invalid-packets
    drop-invalid-packets-log include-reason-string alternate-server tls-alternate-server tcp-alternate-server
    udp-alternate-server verbose Verbose log-file no-stdout-log syslog simple-log syslog-facility log-min-level
    log-binding new-log-timestamp new-log-timestamp-format udp-recvmmsg-log udp-sendmmsg-log daemon pidfile proc-user
    proc-group drain-min-allocations cli no-cli cli-ip cli-port cli-password cli-max-output-sessions web-admin
    web-admin-ip web-admin-port web-admin-listen-on-workers prometheus prometheus-port prometheus-address
    prometheus-path prometheus-username-labels prometheus-tls prometheus-cert prometheus-key version ne
    secret-ts-exp-time
    """.split(whereSeparator: \.isWhitespace).map(String.init)
