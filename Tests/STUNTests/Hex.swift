// Bytes as hexadecimal digits, as the vectors write them.

extension [UInt8] {
    /// Reads digits, ignoring spaces; nil when something else is among them.
    init?(hex: String) {
        let digits = hex.filter { $0 != " " }.map(\.hexDigitValue)
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        let values = digits.compactMap(\.self)
        self = stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }

    /// The digits, in lower case.
    var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
