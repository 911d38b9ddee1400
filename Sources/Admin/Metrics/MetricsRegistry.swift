import CoreMetrics
import Synchronization

/// The back end of swift-metrics for what is counted outside of the relay path, where every increment may take a lock. The
/// workers' figures do not come by here: they keep plain counters and are asked for them.
///
/// Bounded: when there are too many series, further ones count into nothing, and the loss is told.
final class MetricsRegistry: MetricsFactory, Sendable {
    private struct Series: Hashable {
        let name: String
        let labels: [String]

        init(_ name: String, _ labels: [(String, String)]) {
            self.name = name
            self.labels = labels.flatMap { [$0.0, $0.1] }
        }

        var pairs: [(String, String)] {
            stride(from: 0, to: labels.count - 1, by: 2).map { (labels[$0], labels[$0 + 1]) }
        }
    }

    private struct State {
        var counters: [Series: CounterValue] = [:]
        var lost = 0
    }

    private static let capacity = 500
    private let state = Mutex(State())

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        state.withLock { state in
            let series = Series(label, dimensions)
            if let known = state.counters[series] { return known }
            let made = CounterValue()
            if state.counters.count < Self.capacity { state.counters[series] = made } else { state.lost += 1 }
            return made
        }
    }

    // Nothing is recorded or timed outside of the workers.
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { NOOPMetricsHandler.instance }

    // Series are few and live as long as the process.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// All that was counted.
    var families: [MetricFamily] {
        let (counters, lost) = state.withLock { ($0.counters, $0.lost) }
        let byName = Dictionary(grouping: counters, by: \.key.name)
        return byName.sorted { $0.key < $1.key }.map { name, series in
            MetricFamily(
                .counter, name, "Counted by the admin interface.",
                series.map { MetricFamily.Sample(labels: $0.key.pairs, value: Double($0.value.value)) }
                    .sorted { $0.labels.map(\.1).lexicographicallyPrecedes($1.labels.map(\.1)) })
        } + [MetricFamily(.gauge, "culvert_metric_series_lost", "Series beyond the bound.", lost)]
    }
}

private final class CounterValue: CounterHandler {
    private let count = Mutex<Int64>(0)

    var value: Int64 { count.withLock { $0 } }

    func increment(by amount: Int64) { count.withLock { $0 &+= amount } }
    func reset() { count.withLock { $0 = 0 } }
}
