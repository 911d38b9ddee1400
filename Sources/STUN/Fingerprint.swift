/// The CRC-32 of ITU V.42 behind FINGERPRINT (RFC 8489 §14.7). Firefox puts one on every Send indication, so it is
/// computed eight bytes at a step.
package enum Fingerprint {
    /// The value of FINGERPRINT for the message bytes before it.
    package static func value(of message: Span<UInt8>) -> UInt32 {
        crc32(message) ^ WireFormat.fingerprintMask
    }

    /// The checksum itself.
    package static func crc32(_ bytes: Span<UInt8>) -> UInt32 {
        let tables = tables.span
        var crc: UInt32 = 0xFFFF_FFFF
        var offset = 0
        while offset + 8 <= bytes.count {
            let first = crc ^ bytes.uint32(at: offset).byteSwapped
            let second = bytes.uint32(at: offset + 4).byteSwapped
            crc = 0
            for lane in 0..<4 {
                let shift = UInt32(8 * lane)
                crc ^= tables[(7 - lane) * 256 + Int(first >> shift & 0xFF)]
                crc ^= tables[(3 - lane) * 256 + Int(second >> shift & 0xFF)]
            }
            offset += 8
        }
        while offset < bytes.count {
            crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[offset])) & 0xFF)]
            offset += 1
        }
        return ~crc
    }

    /// Table k gives the effect of a byte that k more bytes follow.
    private static let tables: [UInt32] = {
        var tables = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        for index in 256..<2048 {
            let previous = tables[index - 256]
            tables.append(previous >> 8 ^ tables[Int(previous & 0xFF)])
        }
        return tables
    }()
}
