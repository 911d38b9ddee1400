import Addressing
import Configuration
import Testing

/// What is said of options that do nothing here.
struct StatusTests {
    @Test func anOptionNotBuiltYetIsNamedInAWarning() {
        let warnings = load("prometheus-tls\nlog-binding").warnings
        #expect(warnings.contains { $0.hasPrefix("test.conf:1: warning: prometheus-tls: not built yet, no effect.") })
        #expect(warnings.contains { $0.hasPrefix("test.conf:2: warning: log-binding: not built yet, no effect.") })
    }

    @Test func listenersThatAreBuiltAreTakenWithoutAWord() throws {
        let outcome = load(
            "tcp-proxy-port=3480\nproxy-protocol-from=10.0.0.0/8\naux-server=192.0.2.1:3481\nlistening-device=eth0\n"
                + "no-udp-relay")
        #expect(!outcome.problems.contains { (1...5).contains($0.line ?? 0) && $0.severity != .note })
        let configuration = try #require(outcome.configuration)
        #expect(configuration.tcpProxyPort == 3480 && configuration.proxies.count == 1)
        #expect(configuration.auxiliaryAddresses.map(\.description) == ["192.0.2.1:3481"])
        #expect(configuration.listeningDevice == "eth0" && configuration.noUDPRelay)
    }

    @Test func whatTheServerDoesAnywayIsANote() {
        let problem = load("no-tlsv1").problems.first
        #expect(problem?.severity == .note && problem?.option == "no-tlsv1")
        #expect(load("no-cli=off").problems.first?.severity == .warning)
    }

    @Test func anOldOptionIsAWarning() {
        #expect(load("dh1066").problems.first?.severity == .warning)
    }

    @Test(arguments: ["prometheus=off", "web-admin=0", "tlsv1=no"])
    func whatIsTurnedOffNeedsNoWord(line: String) {
        #expect(!load(line).problems.contains { $0.line == 1 })
    }
}
