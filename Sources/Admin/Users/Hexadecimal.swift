/// Bytes as pairs of hexadecimal digits.
enum Hexadecimal {
    /// The digits of some bytes, small letters.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
