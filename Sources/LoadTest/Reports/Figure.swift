/// Numbers as a person reads them.
enum Figure {
    /// A number with so many digits behind the point.
    static func decimal(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 9e15 else { return "\(value)" }
        let whole = Int(scaled)
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard digits > 0 else { return sign + "\(whole)" }
        let text = "\(whole)"
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
    }

    /// A number with three digits that count.
    static func short(_ value: Double) -> String {
        switch abs(value) {
        case ..<0.0005: "0"
        case ..<1: decimal(value, 3)
        case ..<10: decimal(value, 2)
        case ..<100: decimal(value, 1)
        default: decimal(value, 0)
        }
    }

    /// A whole number in groups of three digits.
    static func grouped(_ value: Double) -> String {
        let digits = Array(decimal(abs(value), 0))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(" ") }
            text.append(digit)
        }
        return value < -0.5 ? "-" + text : text
    }

    /// A number of bits a second.
    static func bits(_ value: Double) -> String {
        switch value {
        case 1e9...: decimal(value / 1e9, 2) + " Gbit/s"
        case 1e6...: decimal(value / 1e6, 1) + " Mbit/s"
        default: decimal(value / 1e3, 1) + " kbit/s"
        }
    }

    /// A number of bytes.
    static func bytes(_ value: Double) -> String {
        switch abs(value) {
        case 1_048_576...: decimal(value / 1_048_576, 1) + " MiB"
        case 8192...: decimal(value / 1024, 1) + " KiB"
        default: decimal(value, 0) + " B"
        }
    }

    /// A time in microseconds.
    static func microseconds(_ value: Double) -> String {
        switch value {
        case 1e6...: decimal(value / 1e6, 2) + " s"
        case 10_000...: decimal(value / 1000, 1) + " ms"
        case 1000...: decimal(value / 1000, 2) + " ms"
        case 10...: decimal(value, 0) + " us"
        default: decimal(value, 1) + " us"
        }
    }
}
