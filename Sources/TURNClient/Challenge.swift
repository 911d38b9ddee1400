package import Cryptography
package import STUN

/// What a server asks of a client before it serves it: the REALM and NONCE of a 401 or 438 (RFC 8489 §9.2.5).
package struct Challenge: Hashable, Sendable {
    /// The realm, echoed in each request and part of the key.
    package var realm: [UInt8]
    /// The nonce, echoed in each request.
    package var nonce: [UInt8]
    /// The value of PASSWORD-ALGORITHMS, echoed as it came; nil when the server sent none.
    package var passwordAlgorithms: [UInt8]?

    /// Joins the parts.
    package init(realm: [UInt8], nonce: [UInt8], passwordAlgorithms: [UInt8]? = nil) {
        self.realm = realm
        self.nonce = nonce
        self.passwordAlgorithms = passwordAlgorithms
    }

    /// Reads the challenge in an error response; nil when REALM or NONCE is missing.
    package init?(_ reader: borrowing MessageReader) {
        guard let realm = reader.value(of: .realm)?.copied(), let nonce = reader.value(of: .nonce)?.copied() else {
            return nil
        }
        self.init(
            realm: realm, nonce: nonce, passwordAlgorithms: reader.value(of: .passwordAlgorithms)?.copied())
    }

    /// Whether the nonce says that the server sends PASSWORD-ALGORITHMS: bit 0 of the security features (RFC 8489 §18.1).
    package var announcesPasswordAlgorithms: Bool { firstFeatures & 0b10_0000 != 0 }

    /// Whether the nonce says that the server takes USERHASH in place of USERNAME: bit 1 of the security features.
    package var announcesUserhash: Bool { firstFeatures & 0b01_0000 != 0 }

    /// The first six of the 24 security feature bits, which follow "obMatJos2" as four digits of base64 (RFC 8489 §9.2).
    private var firstFeatures: UInt8 {
        let cookie = Array("obMatJos2".utf8)
        guard nonce.starts(with: cookie), nonce.count >= cookie.count + 4 else { return 0 }
        let digit = nonce[cookie.count]
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): return 62
        case UInt8(ascii: "/"): return 63
        default: return 0
        }
    }

    /// The first algorithm in the server's list that this client knows; nil when there is no list or it knows none.
    package var preferredAlgorithm: PasswordAlgorithm? {
        guard announcesPasswordAlgorithms, let list = passwordAlgorithms else { return nil }
        var rest = list[...]
        while rest.count >= 4 {
            let number = UInt16(rest[rest.startIndex]) << 8 | UInt16(rest[rest.startIndex + 1])
            let length = Int(rest[rest.startIndex + 2]) << 8 | Int(rest[rest.startIndex + 3])
            if length == 0, let algorithm = PasswordAlgorithm(rawValue: number) { return algorithm }
            rest = rest.dropFirst(WireFormat.attributeHeaderByteCount + WireFormat.padded(length))
        }
        return nil
    }
}
