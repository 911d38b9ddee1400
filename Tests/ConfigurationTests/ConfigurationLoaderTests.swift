import Configuration
import Testing

struct ConfigurationLoaderTests {
    @Test func theCommandLineOverridesTheFile() throws {
        let loaded = try #require(
            load("listening-port=1000\nrealm=file", arguments: ["--listening-port", "2000", "--realm=line"]).loaded)
        #expect(loaded.configuration.listeningPort == 2000)
        #expect(loaded.configuration.realm == Array("line".utf8))
        #expect(loaded.file == "test.conf")
        #expect(!loaded.problems.contains { $0.message.contains("replaces") })
    }

    @Test(arguments: [
        ["-p", "2000", "-f", "-v"], ["-p2000", "-fv"], ["-fvp", "2000"], ["-vfp2000"],
        ["--listening-port=2000", "--fingerprint", "--verbose=yes"],
    ])
    func optionsAreReadAsGetoptReadsThem(arguments: [String]) throws {
        let configuration = try #require(load(arguments: arguments).configuration)
        #expect(configuration.listeningPort == 2000 && configuration.fingerprint && configuration.verbose)
    }

    @Test(arguments: [
        (["--lisening-port", "1"], "lisening-port: unknown option; did you mean listening-port?"),
        (["-y"], "unknown option -y"),
        (["stray"], "argument 3: expected an option that begins with -"),
        (["-p"], "listening-port: expected a port from 1 to 65535, found nothing"),
        (["-p=1"], "listening-port: expected -p <port> or --listening-port=..."),
        (["--min-port=x"], "min-port: expected a port from 1 to 65535, found \"x\""),
    ])
    func badArgumentsAreErrors(arguments: [String], message: String) {
        #expect(load(arguments: arguments).errors.first == "command line: error: " + message)
    }

    @Test func strayArgumentsAreNotShown() {
        #expect(!load(arguments: ["--verbose", "hunter2"]).errors.contains { $0.contains("hunter2") })
    }

    @Test func theFileIsSearchedForInCoturnsPlaces() throws {
        var asked: [String] = []
        let outcome = ConfigurationLoader.load(arguments: []) { path throws(ConfigurationFileError) in
            asked.append(path)
            guard path == "/etc/turnserver.conf" else { throw .notFound }
            return Array("listening-port=2000".utf8)
        }
        #expect(asked == Array(ConfigurationLoader.searchPath.prefix(4)))
        #expect(outcome.loaded?.file == "/etc/turnserver.conf")
        #expect(outcome.configuration?.listeningPort == 2000)
    }

    @Test func noFileIsReadWhenNoneIsWanted() {
        let outcome = ConfigurationLoader.load(arguments: ["-n"]) { path throws(ConfigurationFileError) in
            Issue.record("read \(path)")
            throw .notFound
        }
        #expect(outcome.loaded?.file == nil && outcome.configuration != nil)
    }

    @Test(arguments: [
        (ConfigurationFileError.notFound, "there is no file x.conf"),
        (.unreadable(reason: "Permission denied"), "cannot read x.conf: Permission denied"),
    ])
    func aFileThatWasNamedMustBeReadable(error: ConfigurationFileError, message: String) {
        let outcome = ConfigurationLoader.load(arguments: ["-c", "x.conf"]) { _ throws(ConfigurationFileError) in
            throw error
        }
        #expect(outcome.problems.contains { $0.severity == .error && $0.message == message })
    }

    @Test func helpAndVersionGoBeforeEverything() {
        guard case .help(let text) = load("nosuch", arguments: ["--nosuch", "--help"]) else {
            Issue.record("expected help")
            return
        }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
        guard case .version = load("nosuch", arguments: ["--version"]) else {
            Issue.record("expected version")
            return
        }
    }

    @Test func theReportHoldsProblemsDifferencesAndTheVerdict() {
        let text = "realm=example.org\nuser=alice:hunter2\ndenied-peer-ip=10.0.0.0/8\nmax-port=1\nnosuch"
        guard case .report(let report, let wouldStart) = load(text, arguments: ["--check-config"]) else {
            Issue.record("expected a report")
            return
        }
        #expect(!wouldStart)
        #expect(report.contains("test.conf:5: error: nosuch: unknown option"))
        #expect(report.contains("max-port: expected min-port 49152 to be no higher than max-port 1"))
        #expect(report.contains("  denied-peer-ip (test.conf:3). The more specific rule wins"))
        #expect(report.contains("  user-quota (not set: 100). coturn has no limit."))
        #expect(report.hasSuffix("test.conf: 2 errors, 0 warnings, 1 note. The server would refuse to start.\n"))
        #expect(!report.contains("hunter2"))
    }
}
