/// How many packets may be on their way when the load goes as fast as it is carried. What has not arrived for a tenth of
/// a second is written off as lost, so that losses do not stop the load.
struct SendWindow {
    /// The most packets on their way.
    let capacity: Int
    private var sent = 0
    private var settled = 0
    private var sentAtMark = 0
    private var nextMarkNanoseconds: UInt64 = 0

    /// How long a packet is waited for.
    static let patienceNanoseconds: UInt64 = 100_000_000

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// How many packets may be sent now.
    var room: Int { max(0, capacity - (sent - settled)) }

    /// Notes packets that were sent.
    mutating func noteSent(_ count: Int) { sent += count }

    /// Notes a packet that arrived.
    mutating func noteArrived() { settled = min(settled + 1, sent) }

    /// Looks at the time. What was on its way at the last mark has arrived since, or is lost.
    mutating func tick(_ nowNanoseconds: UInt64) {
        guard nowNanoseconds >= nextMarkNanoseconds else { return }
        settled = max(settled, sentAtMark)
        sentAtMark = sent
        nextMarkNanoseconds = nowNanoseconds + Self.patienceNanoseconds
    }
}
