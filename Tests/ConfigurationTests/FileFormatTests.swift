import Addressing
import Configuration
import Testing

/// The format of the file: coturn's rules, and the comments behind values that coturn does not strip.
struct FileFormatTests {
    @Test(arguments: [
        "listening-port=3479", "listening-port 3479", "listening-port\t3479", "  listening-port  =  3479  ",
        "listening-port=3479 # beside the other one", "listening-port=\"3479\"", "listening-port = \"3479\" # quoted",
        "listening-port=3479\r", "\u{FEFF}listening-port=3479", "\n\n# a comment\n   # another\nlistening-port=3479\n",
    ])
    func aValueIsFoundHoweverItIsWritten(text: String) {
        #expect(load(text).configuration?.listeningPort == 3479)
    }

    @Test(arguments: [
        ("fingerprint", true), ("fingerprint=", true), ("fingerprint # always", true), ("fingerprint yes", true),
        ("fingerprint=on", true), ("fingerprint=True", true), ("fingerprint=1", true), ("fingerprint=0", false),
        ("fingerprint=off", false), ("fingerprint=no", false), ("fingerprint F", false),
    ])
    func flagsTakeCoturnsWordsForOnAndOff(text: String, expected: Bool) {
        #expect(load(text).configuration?.fingerprint == expected)
    }

    @Test(arguments: [
        ("a:b#c", "b#c"), ("a:b:c", "b:c"), ("a:b=c==", "b=c=="), ("a:b c", "b c"), ("a:b #c", "b"),
        ("\"a:b #c\"", "b #c"), ("\"a:b\"c\"", "b\"c"), ("a:b\"c", "b\"c"), ("a:ü", "ü"),
    ])
    func passwordsKeepWhatBelongsToThem(value: String, password: String) throws {
        let user = try #require(load("realm=r\nuser=\(value)").configuration?.users.first)
        #expect(user == ConfiguredUser(name: Array("a".utf8), secret: .password(Array(password.utf8))))
    }

    @Test func repeatedOptionsAdd() throws {
        let configuration = try #require(load("listening-ip=192.0.2.1\nlistening-ip=2001:db8::1").configuration)
        #expect(configuration.listeningAddresses.map(\.description) == ["192.0.2.1", "2001:db8::1"])
    }

    @Test func aSecondLineThatSaysOtherwiseIsToldOf() {
        let outcome = load("min-port=50000\nmin-port=50000\nmin-port=51000")
        #expect(outcome.configuration?.minPort == 51000)
        #expect(outcome.warnings.first == "test.conf:3: warning: min-port: replaces what line 2 says")
    }

    @Test func upperAndLowerCaseAreDifferentOptions() {
        #expect(load("verbose").configuration?.logLevel == .debug)
        #expect(load("Verbose").configuration?.logLevel == .trace)
    }

    @Test(arguments: [
        ("lisening-port=1", "test.conf:1: error: lisening-port: unknown option; did you mean listening-port?"),
        ("frobnicate", "test.conf:1: error: frobnicate: unknown option"),
        ("--realm=x", "test.conf:1: error: realm: expected the name without dashes"),
        ("static-auth-secret:hunter2", "error: static-auth-secret: expected a space or = behind the name"),
        ("=x", "test.conf:1: error: expected the name of an option"),
        ("realm=\"x", "test.conf:1: error: realm: expected a closing quote"),
        ("check-config", "test.conf:1: error: check-config: belongs on the command line"),
        ("realm", "test.conf:1: error: realm: expected text in UTF-8 of at most 127 characters, found nothing"),
    ])
    func brokenLinesAreErrors(text: String, message: String) throws {
        let error = try #require(load(text).errors.first)
        #expect(error.hasSuffix(message))
    }

    @Test func allProblemsAreToldAtOnceInTheOrderOfTheFile() {
        let problems = load("min-port=x\nnosuch\n\nmax-port=0\nrelay-ip=1.2.3").problems
        #expect(problems.filter { $0.severity == .error }.map(\.line) == [1, 2, 4, 5])
        #expect(problems.first?.file == "test.conf")
    }
}
