import Cryptography

/// Random texts for secrets and tokens.
enum RandomText {
    /// 32 bytes from the system's generator, in the letters of Base64.
    static func secret() -> String {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return String(decoding: Base64.encode(bytes), as: UTF8.self)
    }
}
