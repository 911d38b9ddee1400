/// How some times were spread, in microseconds.
package struct Distribution: Codable, Sendable {
    /// A point of the curve: so many percent took no longer than that.
    package struct Point: Codable, Sendable {
        package var percentile: Double
        package var microseconds: Double
    }

    /// How many times there were.
    package var count = 0
    package var mean = 0.0
    package var minimum = 0.0
    package var maximum = 0.0
    /// The curve, at the percentiles of `reported`.
    package var percentiles: [Point] = []

    /// The percentiles of a report: a table of the first, a plot of all.
    static let reported: [Double] = [
        1, 5, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 99.999, 100,
    ]

    /// The time that so many percent do not exceed; nil for a percentile that is not reported, or without times.
    package func microseconds(_ percentile: Double) -> Double? {
        percentiles.first { $0.percentile == percentile }?.microseconds
    }
}
