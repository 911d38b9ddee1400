import Foundation
import Logging
import Logs
import Testing

@Suite("Values from strangers")
struct HostileValueTests {
    /// Usernames of security.md P6, and worse.
    static let usernames: [[UInt8]] = [
        Array("a\r\n2026 INFO ok".utf8), Array("\u{1B}[2J".utf8), Array(#""}{"#.utf8), Array("%n%s%x".utf8),
        Array("$(id)".utf8), Array("`id`".utf8), Array(repeating: UInt8(ascii: "x"), count: 65_536),
        Array(repeating: 0xFF, count: 65_536), [0xFF, 0x61], [0xFE, 0x61], Array(#"\xffa"#.utf8), [], [0],
        Array("user=admin level=error".utf8), Array(#"\"#.utf8), Array(#"\\""#.utf8), Array("\u{202E}gnp.exe".utf8),
        Array("\u{85}\u{2028}\u{2029}\u{FEFF}\u{E0041}".utf8), Array("e\u{301}".utf8), Array("\u{E9}".utf8),
        Array(("z" + String(repeating: "\u{301}", count: 5000)).utf8), Array("\u{1F468}\u{200D}\u{1F469}".utf8),
        [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], Array("a\u{7F}\u{9B}31m".utf8),
        Array("domain\\user".utf8), Array("\u{30DE}\u{30C8}".utf8), Array("' OR 1=1; --".utf8),
    ]

    /// Whether a reader of lines or a terminal would do anything with the text but show it.
    static func isHarmless(_ line: String) -> Bool {
        line.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }

    @Test("P6: one record is one harmless line, whatever its values", arguments: LogFormat.allCases)
    func oneLineEach(format: LogFormat) throws {
        let file = try LogFile()
        let writer = try file.writer(format)
        let logger = logger(writer)
        for name in Self.usernames {
            logger.info("login failed", metadata: ["user": .untrusted(name)])
            let text = String(decoding: name, as: UTF8.self)
            logger.info("\(text)", metadata: [text: .string(text), "list": .array([.string(text)])])
            logger.info("nested", metadata: ["map": .dictionary([text: .stringConvertible(text)])])
        }
        #expect(writer.close())
        let lines = try file.lines()
        #expect(lines.count == Self.usernames.count * 3)
        for line in lines {
            #expect(Self.isHarmless(line))
            #expect(line.utf8.count < 20_000)
            switch format {
            case .json:
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(object?["level"] as? String == "info")
            case .logfmt:
                let fields = LogfmtReader.read(line)
                #expect(fields?.prefix(4).map(\.key) == ["time", "level", "logger", "event"], "\(line)")
            }
        }
    }

    @Test("P6: both forms say the same, and different usernames look different", arguments: LogFormat.allCases)
    func distinct(format: LogFormat) throws {
        let file = try LogFile()
        let writer = try file.writer(format)
        for name in Self.usernames { logger(writer).info("x", metadata: ["user": .untrusted(name)]) }
        #expect(writer.close())
        let values = try file.lines().map { line in
            switch format {
            case .json: try (JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["user"] as? String
            case .logfmt: LogfmtReader.read(line)?.first { $0.key == "user" }?.value
            }
        }
        for (name, value) in zip(Self.usernames, values) {
            guard case .string(let expected) = Logger.MetadataValue.untrusted(name) else { continue }
            #expect(value.map { Array($0.utf8) } == Array(expected.utf8))
        }
        #expect(Set(values.compactMap { $0.map { Array($0.utf8) } }).count == Self.usernames.count)
    }

    @Test(
        "P6: a stranger's value is 64 characters at most, and a cut is visible",
        arguments: [
            (Array(repeating: UInt8(ascii: "x"), count: 64), String(repeating: "x", count: 64)),
            (Array(repeating: UInt8(ascii: "x"), count: 65), String(repeating: "x", count: 64) + "...(65 bytes)"),
            (
                Array(repeating: 0xFF, count: 65_536),
                String(repeating: #"\xff"#, count: 64) + "...(65536 bytes)"
            ),
            ([0x61, 0xFF, 0x62, 0x0F], "a\\xffb\u{F}"), (Array(#"a\b"#.utf8), #"a\\b"#), ([], ""),
            ([0xE2, 0x82], #"\xe2\x82"#), ([0xE2, 0x82, 0x41], #"\xe2\x82A"#), ([0xED, 0xA0, 0x80], #"\xed\xa0\x80"#),
            (Array("\u{30DE}\u{30C8}".utf8), "\u{30DE}\u{30C8}"),
        ])
    func untrusted(bytes: [UInt8], text: String) {
        #expect(Logger.MetadataValue.untrusted(bytes) == .string(text))
    }

    @Test("A text of our own is cut at 512 characters, and the cut is visible")
    func longValues() throws {
        let file = try LogFile()
        let writer = try file.writer()
        logger(writer).info("x", metadata: ["a": .string(String(repeating: "y", count: 513)), "b": "z"])
        #expect(writer.close())
        let line = try #require(try file.lines().first)
        #expect(line.hasSuffix(" a=\"" + String(repeating: "y", count: 512) + "...(513 bytes)\" b=z"))
    }
}
