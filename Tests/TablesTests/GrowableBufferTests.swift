import Tables
import Testing

@Suite("GrowableBuffer")
struct GrowableBufferTests {
    @Test("Values stay what they were while the memory grows", arguments: [0, 1, 2, 7])
    func growth(initialCount: Int) {
        var buffer = GrowableBuffer<UInt64>(repeating: 7, count: initialCount)
        var model = Array(repeating: UInt64(7), count: initialCount)
        for value in 0..<1000 as Range<UInt64> {
            buffer.append(value)
            model.append(value)
            if value.isMultiple(of: 3) {
                buffer[Int(value) / 2] ^= 0xFFFF
                model[Int(value) / 2] ^= 0xFFFF
            }
        }
        let count = buffer.count
        #expect(count == model.count)
        let values = (0..<count).map { buffer[$0] }
        #expect(values == model)
    }

    @Test("An index outside is our own mistake, and is caught")
    func bounds() async {
        await #expect(processExitsWith: .failure) {
            let buffer = GrowableBuffer<UInt8>(repeating: 0, count: 3)
            _ = buffer[3]
        }
        await #expect(processExitsWith: .failure) {
            let buffer = GrowableBuffer<UInt8>(repeating: 0, count: 3)
            _ = buffer[-1]
        }
    }
}
