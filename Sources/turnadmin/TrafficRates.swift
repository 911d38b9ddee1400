import AdminClient

/// What each session carries a second, from two looks at it; the busiest first.
struct TrafficRates {
    /// One session.
    struct Session {
        let id: String
        let cells: [String]
        let sentBytes: Int64
        let receivedBytes: Int64
        let bytesPerSecond: Double
    }

    let sessions: [Session]
    let taken: ContinuousClock.Instant

    /// Bytes a second of all.
    var total: Double { sessions.reduce(0) { $0 + $1.bytesPerSecond } }

    /// Compares sessions with what they were; one that is new counts from its beginning.
    init(_ sessions: [JSONValue], at now: ContinuousClock.Instant, after before: TrafficRates?) {
        taken = now
        let known = Dictionary((before?.sessions ?? []).map { ($0.id, $0) }) { first, _ in first }
        let seconds = before.map { Swift.max(($0.taken.duration(to: now)) / .seconds(1), 0.001) }
        self.sessions = sessions.map { session in
            let id = session["id"]?.shown ?? ""
            let sent = session["traffic.sentBytes"]?.integer ?? 0
            let received = session["traffic.receivedBytes"]?.integer ?? 0
            let span = seconds ?? Swift.max(Double(session["ageSeconds"]?.integer ?? 0), 1)
            let sentRate = Double(sent - (known[id]?.sentBytes ?? 0)) / span
            let receivedRate = Double(received - (known[id]?.receivedBytes ?? 0)) / span
            let shown = ["user", "client", "transport"].map { session[$0]?.shown ?? "" }
            return Session(
                id: id,
                cells: [id] + shown
                    + [BitRate.text(sentRate), BitRate.text(receivedRate), "\(session["ageSeconds"]?.shown ?? "")s"],
                sentBytes: sent, receivedBytes: received, bytesPerSecond: sentRate + receivedRate)
        }.sorted { ($0.bytesPerSecond, $1.id) > ($1.bytesPerSecond, $0.id) }
    }
}
