import AdminClient
import Testing

@Suite("Server-sent events")
struct EventParserTests {
    private static let stream = Array(
        ": listening\n\nevent: session.created\ndata: {\"a\":1}\n\ndata: one\r\ndata:two\r\n\r\nevent: empty\n\n".utf8)
    private static let events = [
        ServerSentEvent(name: "session.created", data: "{\"a\":1}"), ServerSentEvent(name: "message", data: "one\ntwo"),
    ]

    @Test("Events are found however the stream is cut")
    func pieces() {
        for length in 1...Self.stream.count {
            var parser = EventParser()
            var found: [ServerSentEvent] = []
            for start in stride(from: 0, to: Self.stream.count, by: length) {
                found += parser.take(Array(Self.stream[start..<min(start + length, Self.stream.count)]))
            }
            #expect(found == Self.events, "in pieces of \(length)")
        }
    }
}
