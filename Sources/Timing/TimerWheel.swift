import Tables

/// Deadlines in buckets of one tick each: setting, cancelling and firing a timer cost the same however many there are.
///
/// A deadline beyond the last bucket waits in it and goes round again. Timers fire up to one tick late and never early,
/// so owners check their own deadlines too. A jump of the clock fires everything it passed, one `popExpired` at a time,
/// so that the caller bounds the work of a turn.
package struct TimerWheel: ~Copyable {
    /// Names a timer that is set.
    package typealias TimerID = UInt32

    // Other modules that own a wheel need the name to destroy it; a private type crashes the compiler there (6.3.1).
    @usableFromInline
    struct Node: BitwiseCopyable {
        var deadlineTick: UInt64
        var payload: UInt64
        var next: UInt32
        var previous: UInt32
        var bucket: UInt32
    }

    private static var none: UInt32 { .max }

    private var nodes = Slab<Node>(
        blank: Node(deadlineTick: 0, payload: 0, next: .max, previous: .max, bucket: 0))
    /// First node of each bucket; one more at the end holds the nodes of the bucket being emptied.
    private var heads: GrowableBuffer<UInt32>
    private let bucketCount: UInt64
    private let tickNanoseconds: UInt64
    /// Every bucket up to and including this tick has been emptied into the due list.
    private var currentTick: UInt64

    /// A wheel that starts at `start` with `bucketCount` buckets of `tickMilliseconds` each.
    package init(start: Instant, tickMilliseconds: UInt64 = 1000, bucketCount: Int = 1024) {
        precondition(bucketCount > 1 && tickMilliseconds > 0)
        tickNanoseconds = tickMilliseconds * 1_000_000
        self.bucketCount = UInt64(bucketCount)
        heads = GrowableBuffer(repeating: Self.none, count: bucketCount + 1)
        currentTick = start.nanoseconds / tickNanoseconds
    }

    /// How many timers are set.
    package var count: Int { nodes.count }

    private var dueBucket: UInt32 { UInt32(truncatingIfNeeded: bucketCount) }

    /// Sets a timer. `payload` comes back from `popExpired`.
    package mutating func schedule(at deadline: Instant, payload: UInt64) -> TimerID {
        let (whole, part) = deadline.nanoseconds.quotientAndRemainder(dividingBy: tickNanoseconds)
        let tick = max(whole + (part == 0 ? 0 : 1), currentTick + 1)
        let id = nodes.insert(
            Node(deadlineTick: tick, payload: payload, next: Self.none, previous: Self.none, bucket: 0))
        link(id, into: bucket(of: tick))
        return id
    }

    /// Takes back a timer that has not fired.
    package mutating func cancel(_ id: TimerID) {
        precondition(nodes.isLive(id))
        unlink(id)
        nodes.remove(id)
    }

    /// The payload of one timer whose deadline has passed, or nil when none is left at `now`.
    package mutating func popExpired(now: Instant) -> UInt64? {
        let nowTick = now.nanoseconds / tickNanoseconds
        while true {
            let id = heads[Int(dueBucket)]
            if id == Self.none {
                guard currentTick < nowTick else { return nil }
                advance(towards: nowTick)
                continue
            }
            unlink(id)
            let node = nodes[id]
            if node.deadlineTick <= currentTick {
                nodes.remove(id)
                return node.payload
            }
            link(id, into: bucket(of: node.deadlineTick))  // it goes round once more
        }
    }

    /// When `popExpired` has next something to look at; nil when no timer is set.
    package func nextTick() -> Instant? {
        guard nodes.count > 0 else { return nil }
        let current = Instant(nanoseconds: currentTick * tickNanoseconds)
        return heads[Int(dueBucket)] != Self.none ? current : current.adding(nanoseconds: tickNanoseconds)
    }

    private func bucket(of tick: UInt64) -> UInt32 {
        let furthest = currentTick + bucketCount - 1
        return UInt32(truncatingIfNeeded: min(tick, furthest) % bucketCount)
    }

    /// Moves on by one tick, or at once to `nowTick` when nothing is set, and detaches the bucket reached.
    private mutating func advance(towards nowTick: UInt64) {
        if nodes.count == 0 {
            currentTick = nowTick
            return
        }
        // One round visits every bucket, and what was due before it with the rest: a longer jump costs no more.
        if nowTick - currentTick > bucketCount { currentTick = nowTick - bucketCount }
        currentTick += 1
        let bucket = UInt32(truncatingIfNeeded: currentTick % bucketCount)
        var id = heads[Int(bucket)]
        heads[Int(dueBucket)] = id
        heads[Int(bucket)] = Self.none
        while id != Self.none {
            nodes[id].bucket = dueBucket
            id = nodes[id].next
        }
    }

    private mutating func link(_ id: TimerID, into bucket: UInt32) {
        let head = heads[Int(bucket)]
        nodes[id].bucket = bucket
        nodes[id].previous = Self.none
        nodes[id].next = head
        if head != Self.none { nodes[head].previous = id }
        heads[Int(bucket)] = id
    }

    private mutating func unlink(_ id: TimerID) {
        let node = nodes[id]
        if node.previous == Self.none {
            heads[Int(node.bucket)] = node.next
        } else {
            nodes[node.previous].next = node.next
        }
        if node.next != Self.none { nodes[node.next].previous = node.previous }
    }
}
