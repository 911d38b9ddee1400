import Addressing
import Testing

@testable import LoadTest

struct SourcePoolTests {
    @Test(arguments: [1, 7, 1000, 1 << 20])
    func givesEachSlotAddressesOfItsOwn(slots: Int) {
        var pool = SourcePool(slots: slots)
        let slot = slots - 1
        var seen: Set<IPAddress> = []
        for _ in 0..<100 {
            let source = pool.source(of: slot)
            #expect(source.isLoopback)
            #expect(pool.slot(of: source) == slot)
            seen.insert(source)
            pool.renew(slot)
        }
        #expect(seen.count == min(100, (1 << 20) / slots))
    }

    @Test func knowsNoOtherAddress() {
        let pool = SourcePool(slots: 10)
        #expect(pool.slot(of: IPAddress(v4: 127 << 24 | 1)) == nil)
        #expect(pool.slot(of: IPAddress(v6High: 0, low: 1)) == nil)
    }
}
