import TURN

/// What a worker remembers of its events: how many there were, what ended allocations have carried, and who listens.
struct Ledger {
    private(set) var events = EventCounters()
    /// What ended allocations have carried, by transport.
    private var endedTraffic = [Traffic](repeating: Traffic(), count: ClientTransport.allCases.count)
    /// The tally under way, or the last one.
    var tally: SessionTally
    private var feeds: [EventFeed] = []
    private let worker: Int

    init(worker: Int) {
        self.worker = worker
        tally = SessionTally(ended: endedTraffic)
    }

    /// Begins to add up anew.
    mutating func beginTally() { tally = SessionTally(ended: endedTraffic) }

    /// Tells events from now on to a feed, as long as somebody reads it.
    mutating func add(_ feed: EventFeed) { feeds.append(feed) }

    mutating func enter(_ event: Event) {
        events.count(event)
        if case .allocationEnded(let id, let fiveTuple, _, let traffic, _, _) = event {
            endedTraffic[Int(fiveTuple.transport.rawValue)].add(traffic)
            tally.addEnded(id, fiveTuple.transport, traffic)
        }
        guard !feeds.isEmpty else { return }
        feeds.removeAll { !$0.offer(event, from: worker) }
    }
}
