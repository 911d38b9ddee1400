/// A plot of some lines, as SVG whose colours come from the page around it.
struct SVGPlot {
    /// A line.
    struct Series {
        var name: String
        var points: [(x: Double, y: Double)]
    }

    var title: String
    var xTitle: String
    var series: [Series]
    /// How a number stands at an axis.
    var yLabel: (Double) -> String
    var xLabel: (Double) -> String = { Figure.decimal($0, $0 == $0.rounded() ? 0 : 1) }
    /// Where the x axis is marked; nil for round numbers.
    var xTicks: [Double]?

    /// Small, so that its letters can still be read where the page is narrow.
    private static let size = (width: 480.0, height: 240.0)
    private static let inset = (left: 62.0, right: 12.0, top: 44.0, bottom: 38.0)

    /// The plot; empty when there is nothing to see.
    var markup: String {
        let points = series.flatMap(\.points)
        guard points.count > 1, let left = points.map(\.x).min(), let right = points.map(\.x).max(), right > left else {
            return ""
        }
        let yTicks = Self.ticks(upTo: points.map(\.y).max() ?? 1)
        let frame = Frame(x: min(left, xTicks?.first ?? left)...right, top: yTicks.last ?? 1)
        var lines = [
            "<figure><svg viewBox=\"0 0 \(Int(Self.size.width)) \(Int(Self.size.height))\" role=\"img\">",
            "<title>\(HTMLText.escape(title))</title>",
            Self.text(title, x: 0, y: 16, "title", anchor: "start"), legend,
        ]
        for tick in yTicks {
            let y = frame.y(tick)
            lines.append(Self.line(Self.inset.left, y, Self.size.width - Self.inset.right, y))
            let label = tick == 0 ? "0" : yLabel(tick)
            lines.append(Self.text(label, x: Self.inset.left - 8, y: y + 4, "tick", anchor: "end"))
        }
        for tick in xTicks ?? Self.ticks(upTo: right) where frame.x.contains(tick) {
            let place = (frame.x(tick), Self.size.height - Self.inset.bottom + 16)
            lines.append(Self.text(xLabel(tick), x: place.0, y: place.1, "tick", anchor: "middle"))
        }
        lines.append(Self.text(xTitle, x: Self.size.width / 2, y: Self.size.height - 5, "tick", anchor: "middle"))
        for (index, series) in series.enumerated() {
            let path = series.points.map { "\(Self.number(frame.x($0.x))),\(Self.number(frame.y($0.y)))" }
            lines.append("<polyline class=\"s\(index)\" points=\"\(path.joined(separator: " "))\"/>")
        }
        return (lines + ["</svg></figure>"]).joined(separator: "\n")
    }

    /// The names of the lines in one row, which the browser lays out: only it knows how wide letters are.
    private var legend: String {
        let names = series.enumerated().map { index, series in
            "<tspan class=\"t\(index)\" dx=\"\(index == 0 ? 0 : 16)\">— \(HTMLText.escape(series.name))</tspan>"
        }
        let x = Self.number(Self.size.width - Self.inset.right)
        return "<text x=\"\(x)\" y=\"33\" text-anchor=\"end\">\(names.joined())</text>"
    }

    /// From the values to the places on the picture.
    private struct Frame {
        let x: ClosedRange<Double>
        let top: Double

        func x(_ value: Double) -> Double {
            let width = SVGPlot.size.width - SVGPlot.inset.left - SVGPlot.inset.right
            return SVGPlot.inset.left + width * (value - x.lowerBound) / (x.upperBound - x.lowerBound)
        }

        func y(_ value: Double) -> Double {
            let height = SVGPlot.size.height - SVGPlot.inset.top - SVGPlot.inset.bottom
            return SVGPlot.inset.top + height * (1 - value / top)
        }
    }

    /// Round numbers from 0 to just above a value, four to eight of them.
    static func ticks(upTo value: Double) -> [Double] {
        guard value > 0, value.isFinite else { return [0, 1] }
        var step = 1.0
        while step * 8 < value { step *= 10 }
        while step * 0.8 >= value { step /= 10 }
        for part in [0.1, 0.2, 0.5, 1] where step * part * 6 >= value {
            step *= part
            break
        }
        return (0...Int((value / step).rounded(.up))).map { Double($0) * step }
    }

    private static func number(_ value: Double) -> String { Figure.decimal(value, 1) }

    private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>"
    }

    private static func text(_ text: String, x: Double, y: Double, _ kind: String, anchor: String) -> String {
        "<text class=\"\(kind)\" x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\">"
            + "\(HTMLText.escape(text))</text>"
    }
}
