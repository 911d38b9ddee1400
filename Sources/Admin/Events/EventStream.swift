import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import Relay

/// Server-sent events, as the HTML standard writes them. The listener's feed is emptied ten times a second: however much
/// happens, the workers are not held up by waking somebody each time.
struct EventStream: Sendable {
    private let administration: Administration
    private let kinds: Set<EventBody.Kind>

    private static let interval = Duration.milliseconds(100)
    /// Turns between two statistics, and between two signs of life.
    private static let turnsPerSecond = 10

    /// The stream of these types.
    init(_ administration: Administration, kinds: Set<EventBody.Kind>) {
        self.administration = administration
        self.kinds = kinds
    }

    var response: Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                // Not before: a body that is never asked for, as its client has gone, would leave its feed open.
                let feed = administration.control.events()
                defer { feed.close() }
                try await run(feed, &writer)
                try await writer.finish(nil)
            })
    }

    private func run(_ feed: EventFeed, _ writer: inout any ResponseBodyWriter) async throws {
        // Something at once, so that the listener knows it is heard.
        try await writer.write(ByteBuffer(string: ": listening\n\n"))
        var turn = 0
        while !administration.control.isStopping {
            var text = ""
            append(feed.take(), to: &text)
            if turn % Self.turnsPerSecond == 0 { try await appendStatistics(to: &text) }
            if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
            turn += 1
            try await Task.sleep(for: Self.interval)
        }
    }

    private func append(_ batch: EventFeed.Batch, to text: inout String) {
        for (worker, event) in batch.events {
            guard let (kind, body) = EventBody.of(event, worker: worker), kinds.contains(kind) else { continue }
            append(kind.rawValue, body, to: &text)
        }
        if batch.lost > 0 { append("lost", ["count": batch.lost], to: &text) }
    }

    private func appendStatistics(to text: inout String) async throws {
        guard kinds.contains(.statistics) else {
            text += ": alive\n\n"  // so that a listener who is gone is noticed
            return
        }
        append("statistics", StatisticsBody(administration, await administration.control.reports()), to: &text)
    }

    private func append(_ name: String, _ body: some Encodable, to text: inout String) {
        guard let data = try? JSONEncoder().encode(body) else { return }
        text += "event: \(name)\ndata: \(String(decoding: data, as: UTF8.self))\n\n"
    }
}
