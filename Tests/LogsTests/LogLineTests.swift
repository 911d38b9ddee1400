import Foundation
import Logging
import Logs
import Testing

@Suite("Log lines")
struct LogLineTests {
    struct Refusal: Error, CustomStringConvertible {
        let description = "port 65536"
    }

    func lines(_ format: LogFormat, _ body: (Logger) -> Void) throws -> [String] {
        let file = try LogFile()
        let writer = try file.writer(format)
        body(logger(writer, label: "turn"))
        #expect(writer.close())
        return try file.lines()
    }

    let metadata: Logger.Metadata = [
        "user": "alice", "bytes": .stringConvertible(12), "client": "192.0.2.1:3478", "note": "two words", "empty": "",
        "ok": .stringConvertible(true), "rate": .stringConvertible(0.5), "peers": ["a", "b c"],
        "map": ["k": .stringConvertible(1)], "level": "mine",
    ]

    @Test("logfmt has its fields in order: the four of each record, then metadata by name")
    func logfmt() throws {
        let line = try #require(
            try lines(.logfmt) { $0.notice("allocation created", metadata: metadata) }.first)
        let rest = line.split(separator: " ", maxSplits: 1)
        let time = /time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/
        #expect(rest.first?.wholeMatch(of: time) != nil)
        #expect(
            rest.last.map(String.init) == #"level=notice logger=turn event="allocation created" bytes=12 "#
                + #"client=192.0.2.1:3478 empty="" level_=mine map="{\"k\":1}" note="two words" ok=true "#
                + #"peers="[\"a\",\"b c\"]" rate=0.5 user=alice"#)
    }

    @Test("JSON has the same fields, numbers and truth values as such")
    func json() throws {
        let line = try #require(try lines(.json) { $0.notice("allocation created", metadata: metadata) }.first)
        let rest = line.split(separator: ",", maxSplits: 1)
        #expect(
            rest.last.map(String.init) == #""level":"notice","logger":"turn","event":"allocation created","bytes":12,"#
                + #""client":"192.0.2.1:3478","empty":"","level_":"mine","map":{"k":1},"note":"two words","ok":true,"#
                + #""peers":["a","b c"],"rate":0.5,"user":"alice"}"#)
    }

    @Test("What JSON cannot write as a number is a string")
    func notNumbers() throws {
        let values: Logger.Metadata = ["a": .stringConvertible(Double.nan), "b": .stringConvertible(-Double.infinity)]
        let line = try #require(try lines(.json) { $0.info("x", metadata: values) }.first)
        #expect(line.hasSuffix(#""a":"nan","b":"-inf"}"#))
    }

    @Test("Metadata of the call goes before the provider's, and that before the logger's; errors have a field")
    func merging() throws {
        let seen = try lines(.logfmt) { logger in
            var logger = logger
            logger[metadataKey: "a"] = "logger"
            logger[metadataKey: "b"] = "logger"
            logger.handler.metadataProvider = Logger.MetadataProvider { ["b": "provider", "c": "provider"] }
            logger.info("x", metadata: ["c": "call"])
            logger.error("y", error: Refusal())
        }
        #expect(seen[0].hasSuffix("event=x a=logger b=provider c=call"))
        #expect(seen[1].hasSuffix(#"event=y a=logger b=provider c=provider error="port 65536""#))
    }

    @Test("The writer's level may change while it runs; a logger may have its own")
    func levels() throws {
        let file = try LogFile()
        let writer = try file.writer()
        let shared = logger(writer)
        var own = logger(writer)
        own.logLevel = .error
        shared.debug("no")
        shared.info("1")
        own.info("no")
        writer.level = .debug
        shared.debug("2")
        own.warning("no")
        own.error("3")
        #expect(writer.close())
        #expect(try file.lines().map { $0.suffix(7) } == ["event=1", "event=2", "event=3"])
    }

    @Test("Times are those of the calendar, to the millisecond")
    func time() throws {
        let before = Date()
        let line = try #require(try lines(.logfmt) { $0.info("x") }.first)
        let after = Date()
        let text = try #require(LogfmtReader.read(line)?.first?.value)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let time = try #require(try? Date(text, strategy: style))
        #expect(time >= before.addingTimeInterval(-0.002) && time <= after)
    }
}
