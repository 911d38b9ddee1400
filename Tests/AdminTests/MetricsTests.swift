import CoreMetrics
import Testing

@testable import Admin

@Suite("The text of metrics")
struct MetricsTests {
    @Test("P6: a label's value cannot end the line it stands in")
    func escaping() {
        let family = MetricFamily(.counter, "name", "Help.", by: "label", [("a\"b\\c\nd", 1)])
        #expect(family.text == "# HELP name Help.\n# TYPE name counter\nname{label=\"a\\\"b\\\\c\\nd\"} 1\n")
    }

    @Test("What swift-metrics counts is told, and series are bounded")
    func registry() {
        let registry = MetricsRegistry()
        for _ in 0..<3 { Counter(label: "asked", dimensions: [("status", "200")], factory: registry).increment() }
        #expect(registry.families.map(\.text).joined().contains("asked{status=\"200\"} 3\n"))
        for number in 0..<1000 {
            Counter(label: "asked", dimensions: [("n", "\(number)")], factory: registry).increment()
        }
        #expect(registry.families.flatMap(\.samples).count <= 501)
        #expect(registry.families.last?.samples.first?.value == 501)
    }
}
