import Testing

@testable import LoadTest

struct ReportTests {
    @Test func writesNumbers() {
        #expect(Figure.decimal(1.005, 1) == "1.0")
        #expect(Figure.decimal(-0.04, 1) == "0.0")
        #expect(Figure.decimal(-2.55, 1) == "-2.6")
        #expect(Figure.decimal(0.07, 2) == "0.07")
        #expect(Figure.decimal(.nan, 2) == "-")
        #expect(Figure.grouped(1_234_567) == "1 234 567")
        #expect(Figure.grouped(999) == "999")
        #expect(Figure.bits(1_500_000) == "1.5 Mbit/s")
        #expect(Figure.microseconds(1234) == "1.23 ms")
    }

    @Test(arguments: [(7.0, 7.0), (0.19, 0.2), (1, 1), (95_000, 100_000), (120, 120)])
    func marksAxes(value: Double, last: Double) throws {
        let ticks = SVGPlot.ticks(upTo: value)
        #expect((3...8).contains(ticks.count))
        #expect(abs(try #require(ticks.last) - last) < 1e-6)
    }

    @Test func escapesHTML() {
        #expect(HTMLText.escape("<a href=\"x\">&") == "&lt;a href=&quot;x&quot;&gt;&amp;")
    }

    @Test func comparesRounds() throws {
        func report(_ microseconds: Double) -> LoadReport {
            var report = LoadReport(scenario: "relay", server: "turn:x", sessions: 1, seconds: 1)
            report.process = LoadReport.Server()
            report.process?.microsecondsPerPacket = microseconds
            return report
        }
        let comparison = Comparison(["a", "b"], [[1, 2, 3].map(report), [2, 2, 2].map(report)])
        let row = try #require(comparison.rows.first { $0.metric == "CPU per packet" })
        #expect(row.values == [2, 2])
        #expect(row.ratios[0].median == 1)
        #expect(row.ratios[0].lowest == 0.5)
        #expect(row.ratios[0].highest == 1.5)
        #expect(comparison.table.contains("0.50-1.50"))
        #expect(comparison.rows.allSatisfy { !$0.metric.contains("request") || $0.metric.contains("requests") })
    }

    @Test func takesTheMiddle() {
        #expect([3.0, 1, 2].median == 2)
        #expect([4.0, 1, 2, 3].median == 2.5)
        #expect([Double]().median.isNaN)
    }

    @Test func sharesACallAmongPackets() {
        let streams = MediaStream.call(videoKilobitsPerSecond: 1200)
        #expect(streams.count == 4)
        let video = streams.filter { $0.burst > 1 }
        #expect(video.allSatisfy { $0.burst * $0.payloadByteCount == 5000 })
        #expect(MediaStream.call(videoKilobitsPerSecond: 0).count == 2)
    }
}
