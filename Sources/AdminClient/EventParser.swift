/// Finds the events in the pieces of a stream, as the HTML standard writes them ("Server-sent events").
package struct EventParser {
    private var rest: [UInt8] = []
    private var name = ""
    private var data = ""

    /// A parser at the beginning of a stream.
    package init() {}

    /// Takes the next piece, and gives the events that it ends.
    package mutating func take(_ bytes: [UInt8]) -> [ServerSentEvent] {
        rest += bytes
        var events: [ServerSentEvent] = []
        var start = 0
        while let end = rest[start...].firstIndex(of: 0x0A) {
            if let event = takeLine(rest[start..<end]) { events.append(event) }
            start = end + 1
        }
        rest.removeFirst(start)
        return events
    }

    private mutating func takeLine(_ line: ArraySlice<UInt8>) -> ServerSentEvent? {
        let text = String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        if text.isEmpty {
            defer { (name, data) = ("", "") }
            return data.isEmpty ? nil : ServerSentEvent(name: name.isEmpty ? "message" : name, data: data)
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let value = String(parts[1].first == " " ? parts[1].dropFirst() : parts[1])
        switch parts[0] {
        case "event": name = value
        case "data": data += data.isEmpty ? value : "\n" + value
        default: break
        }
        return nil
    }
}
