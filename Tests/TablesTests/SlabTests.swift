import SeededRandom
import Tables
import Testing

@Suite("Slab")
struct SlabTests {
    @Test("A handle dies with its record, though the slot lives on")
    func generations() {
        var slab = Slab<Int>(blank: 0)
        let first = slab.insert(1)
        let old = slab.generation(of: first)
        let wasLive = slab.isLive(first, generation: old)
        slab.remove(first)
        let isLive = slab.isLive(first) || slab.isLive(first, generation: old)
        let isFreeSlotLive = slab.isLive(first, generation: slab.generation(of: first))
        #expect(wasLive && !isLive && !isFreeSlotLive)

        let second = slab.insert(2)
        let fresh = slab.generation(of: second)
        #expect(second == first && fresh != old)
        let states = [slab.isLive(second, generation: fresh), slab.isLive(second, generation: old)]
        #expect(states == [true, false])
    }

    @Test("The slot freed last is used first, and none is made while one is free")
    func reuse() {
        var slab = Slab<Int>(blank: 0)
        let indices = (0..<4).map { slab.insert($0) }
        #expect(indices == [0, 1, 2, 3])
        slab.remove(1)
        slab.remove(3)
        let again = [slab.insert(10), slab.insert(11), slab.insert(12)]
        #expect(again == [3, 1, 4])
        let slots = slab.slotCount
        #expect(slots == 5)
    }

    @Test("No index beyond the slots is live")
    func unknownIndices() {
        let slab = Slab<Int>(blank: 0)
        let states = [slab.isLive(0), slab.isLive(.max), slab.isLive(Slab<Int>.none, generation: 1)]
        #expect(states == [false, false, false])
    }

    @Test("It does what a dictionary of handles does, for 100 000 random steps")
    func model() {
        struct Handle: Hashable {
            let index: UInt32
            let generation: UInt32
        }
        var random = SeededRandom()
        var slab = Slab<UInt64>(blank: 0)
        var live: [Handle: UInt64] = [:]
        var handles: [Handle] = []
        var dead: [Handle] = []
        for step in 0..<100_000 {
            // Phases of growth and of decay, so that the slab runs empty and full again.
            var isRight = true
            let grows = Int.random(in: 0..<10, using: &random) < (step / 5000 % 2 == 0 ? 7 : 3)
            if grows {
                let value = random.next()
                let index = slab.insert(value)
                let handle = Handle(index: index, generation: slab.generation(of: index))
                isRight = live.updateValue(value, forKey: handle) == nil
                handles.append(handle)
            } else if !handles.isEmpty {
                let place = Int.random(in: 0..<handles.count, using: &random)
                let handle = handles[place]
                handles[place] = handles[handles.count - 1]
                handles.removeLast()
                isRight = live.removeValue(forKey: handle) == slab[handle.index]
                slab.remove(handle.index)
                dead.append(handle)
            }
            if let handle = dead.randomElement(using: &random) {
                isRight = isRight && !slab.isLive(handle.index, generation: handle.generation)
            }
            guard isRight, slab.count == live.count else {
                Issue.record("\(random), step \(step)")
                return
            }
        }
        for (handle, value) in live {
            let found = slab.isLive(handle.index, generation: handle.generation) ? slab[handle.index] : nil
            #expect(found == value, "\(random)")
        }
    }

    @Test("To remove a record twice is our own mistake, and is caught")
    func doubleRemoval() async {
        await #expect(processExitsWith: .failure) {
            var slab = Slab<Int>(blank: 0)
            let index = slab.insert(1)
            slab.remove(index)
            slab.remove(index)
        }
    }
}
