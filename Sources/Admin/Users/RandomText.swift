/// Random texts for secrets and tokens.
enum RandomText {
    /// 32 bytes from the system's generator, in hexadecimal: it stands in URLs and log lines as it is.
    static func secret() -> String {
        var random = SystemRandomNumberGenerator()
        return Hexadecimal.text((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }
}
