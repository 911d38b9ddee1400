import Histogram

/// Times in nanoseconds, kept to three digits.
struct LatencyHistogram: Sendable {
    private var histogram: Histogram<UInt32>
    private static let longest: UInt64 = 60_000_000_000

    init() {
        histogram = Histogram(
            lowestDiscernibleValue: 100, highestTrackableValue: Self.longest, numberOfSignificantValueDigits: .three)
    }

    /// How many were recorded.
    var count: Int { Int(histogram.totalCount) }

    /// Adds a time; those beyond a minute count as a minute.
    mutating func record(_ nanoseconds: UInt64) {
        histogram.record(min(nanoseconds, Self.longest))
    }

    /// Adds all times of another.
    mutating func add(_ other: LatencyHistogram) { histogram.add(other.histogram) }

    /// Forgets all.
    mutating func reset() { histogram.reset() }

    /// The time that so many percent do not exceed, in microseconds.
    func microseconds(atPercentile percentile: Double) -> Double {
        count == 0 ? 0 : Double(histogram.valueAtPercentile(percentile)) / 1000
    }

    /// What a report tells.
    var distribution: Distribution {
        guard count > 0 else { return Distribution() }
        return Distribution(
            count: count, mean: histogram.mean / 1000, minimum: Double(histogram.min) / 1000,
            maximum: Double(histogram.max) / 1000,
            percentiles: Distribution.reported.map {
                Distribution.Point(percentile: $0, microseconds: microseconds(atPercentile: $0))
            })
    }
}
