import TURN

/// What a worker remembers of its events: how many there were, and who listens.
struct Ledger {
    private(set) var events = EventCounters()
    private var feeds: [EventFeed] = []
    private let worker: Int

    init(worker: Int) {
        self.worker = worker
    }

    /// Tells events from now on to a feed, as long as somebody reads it.
    mutating func add(_ feed: EventFeed) { feeds.append(feed) }

    mutating func enter(_ event: Event) {
        events.count(event)
        guard !feeds.isEmpty else { return }
        feeds.removeAll { !$0.offer(event, from: worker) }
    }
}
