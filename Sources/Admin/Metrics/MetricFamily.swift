/// A metric with all its samples, as Prometheus reads it.
struct MetricFamily {
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    struct Sample {
        var suffix = ""
        var labels: [(String, String)] = []
        let value: Double
    }

    let name: String
    let help: String
    let kind: Kind
    var samples: [Sample]

    init(_ kind: Kind, _ name: String, _ help: String, _ samples: [Sample]) {
        self.kind = kind
        self.name = name
        self.help = help
        self.samples = samples
    }

    /// A metric without labels.
    init(_ kind: Kind, _ name: String, _ help: String, _ value: some BinaryInteger) {
        self.init(kind, name, help, [Sample(value: Double(value))])
    }

    /// A metric with one label.
    init(_ kind: Kind, _ name: String, _ help: String, by label: String, _ values: [(String, some BinaryInteger)]) {
        self.init(
            kind, name, help,
            values.sorted { $0.0 < $1.0 }.map { Sample(labels: [(label, $0.0)], value: Double($0.1)) })
    }
}

extension MetricFamily {
    /// The lines of Prometheus' text format, version 0.0.4.
    var text: String {
        var text = "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.0)=\"\(Self.escape($0.1))\"" }.joined(separator: ",")
            text += "\(name)\(sample.suffix)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(sample.value))\n"
        }
        return text
    }

    private static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return value.isInfinite ? "+Inf" : "\(value)"
    }

    private static func escape(_ value: String) -> String {
        var escaped = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
