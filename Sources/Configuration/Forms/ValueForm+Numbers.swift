extension ValueForm where Value == Int {
    /// A whole number within limits.
    static func number(_ limits: ClosedRange<Int>, _ placeholder: String = "<number>") -> ValueForm {
        ValueForm(
            placeholder: placeholder,
            expectation: "a whole number from \(limits.lowerBound) to \(limits.upperBound)",
            read: { text in decimal(text).flatMap { limits.contains($0) ? $0 : nil } },
            show: { String($0) })
    }

    /// How many of something there may be.
    static var count: ValueForm { .number(0...1_000_000_000) }

    /// A rate, up to eight terabits.
    static var bytesPerSecond: ValueForm { .number(0...1_000_000_000_000, "<bytes>") }

    /// A span of time, at least `shortest` and at most about a year.
    static func seconds(atLeast shortest: Int = 1) -> ValueForm { .number(shortest...31_536_000, "<seconds>") }
}

extension ValueForm where Value == UInt16 {
    /// A port that can be listened on.
    static var port: ValueForm {
        ValueForm(
            placeholder: "<port>",
            expectation: "a port from 1 to 65535",
            read: { text in decimal(text).flatMap { $0 == 0 ? nil : UInt16(exactly: $0) } },
            show: { String($0) })
    }
}

/// Digits and nothing else, up to a number that no setting reaches. (Int's own parser takes `+5` too.)
private func decimal(_ text: [UInt8]) -> Int? {
    guard (1...15).contains(text.count) else { return nil }
    var value = 0
    for character in text {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
        value = value * 10 + Int(character - UInt8(ascii: "0"))
    }
    return value
}
