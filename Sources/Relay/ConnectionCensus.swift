import Addressing
import TURN

/// How many TCP connections each source has; and, where proxies speak for clients, which connection has which ends.
///
/// The kernel never gives two connections the same ends, but proxies may: two of them, or one that is wrong. The engine
/// tells clients apart by their ends, so there must be one connection at most that has them.
struct ConnectionCensus {
    private let limit: Int
    private var counts: [SourcePrefix: Int] = [:]
    /// The connection between two ends, whatever it speaks; nil where no proxy is trusted.
    private var holders: [FiveTuple: UInt32]?

    /// A census that lets a source have so many connections; zero is no limit.
    init(limit: Int, hasProxies: Bool) {
        self.limit = limit
        holders = hasProxies ? [:] : nil
    }

    /// What came of adding a connection.
    enum Admission: Equatable {
        /// It is counted; the other one, if any, has the same ends and is to be closed.
        case admitted(displacing: UInt32?)
        /// Its source has too many.
        case refused
    }

    /// Counts a connection, if its source may have one more.
    mutating func admit(_ index: UInt32, _ fiveTuple: FiveTuple) -> Admission {
        let source = SourcePrefix(fiveTuple.client.ip)
        let count = counts[source] ?? 0
        guard limit == 0 || count < limit else { return .refused }
        counts[source] = count + 1
        return .admitted(displacing: holders?.updateValue(index, forKey: Self.ends(of: fiveTuple)))
    }

    /// Forgets a connection that was counted.
    mutating func remove(_ index: UInt32, _ fiveTuple: FiveTuple) {
        let source = SourcePrefix(fiveTuple.client.ip)
        if let count = counts[source] { counts[source] = count > 1 ? count - 1 : nil }
        let ends = Self.ends(of: fiveTuple)
        if holders?[ends] == index { holders?[ends] = nil }
    }

    /// A connection keeps its place when it turns out to speak TLS.
    private static func ends(of fiveTuple: FiveTuple) -> FiveTuple {
        FiveTuple(client: fiveTuple.client, server: fiveTuple.server, transport: .tcp)
    }
}
