/// Rates for people.
enum BitRate {
    /// `1.5 Mbit/s` of bytes a second.
    static func text(_ bytesPerSecond: Double) -> String {
        var value = Swift.max(bytesPerSecond, 0) * 8
        for unit in ["bit/s", "kbit/s", "Mbit/s"] {
            if value < 1000 { return "\((value * 10).rounded() / 10) \(unit)" }
            value /= 1000
        }
        return "\((value * 10).rounded() / 10) Gbit/s"
    }
}
