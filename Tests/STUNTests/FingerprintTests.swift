import STUN
import Testing

@Suite("CRC-32")
struct FingerprintTests {
    /// The checksum bit by bit, as the standard defines it.
    private func reference(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~crc
    }

    @Test("B01: eight bytes at a step give what one bit at a step gives", arguments: 0...100)
    func matchesReference(count: Int) {
        let seed = SeededGenerator.runSeed
        var random = SeededGenerator(seed: seed &+ UInt64(count))
        let bytes = random.bytes(count)
        #expect(Fingerprint.crc32(bytes.span) == reference(bytes), "CULVERT_SEED=\(seed)")
    }

    @Test("B01: the check value of the standard")
    func checkValue() {
        let digits = Array("123456789".utf8)
        let nothing: [UInt8] = []
        #expect(Fingerprint.crc32(digits.span) == 0xCBF4_3926)
        #expect(Fingerprint.value(of: nothing.span) == WireFormat.fingerprintMask)
    }
}
