import Cryptography

/// The security features that the first characters of a nonce announce, so that nobody on the way can take them out of a
/// challenge unnoticed (RFC 8489 §9.2, §18.1). 24 bits, of which the highest is bit 0.
package struct SecurityFeatures: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Bit 0: PASSWORD-ALGORITHMS stands beside the nonce.
    package static let passwordAlgorithms = SecurityFeatures(rawValue: 1 << 23)
    /// Bit 1: USERHASH is taken instead of USERNAME.
    package static let userhash = SecurityFeatures(rawValue: 1 << 22)

    /// What every nonce begins with: `obMatJos2` and the bits in Base64.
    var nonceCookie: [UInt8] {
        let bits = [16, 8, 0].map { UInt8(truncatingIfNeeded: rawValue >> UInt32($0)) }
        return Array("obMatJos2".utf8) + Base64.encode(bits)
    }
}
