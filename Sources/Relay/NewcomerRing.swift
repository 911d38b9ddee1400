import TURN

/// The last newcomers: TLS handshakes that began, or connections whose clients nobody knows yet. Each costs memory and
/// anybody can begin it, so there are only so many places; who needs one takes the oldest. A good client is done long
/// before its place comes round again.
struct NewcomerRing {
    private var paths: [ClientPath?]
    private var next = 0

    /// A ring for so many newcomers, at least one.
    init(capacity: Int) {
        paths = Array(repeating: nil, count: max(1, capacity))
    }

    /// Notes one that begins, and returns the one whose place it takes: if that is still not done, it is to be given up.
    mutating func begin(_ path: ClientPath) -> ClientPath? {
        let displaced = paths[next]
        paths[next] = path
        next = (next + 1) % paths.count
        return displaced
    }
}
