/// When each flow is due: a binary heap with the earliest on top.
struct SendSchedule {
    /// A flow and its time.
    struct Entry {
        var dueNanoseconds: UInt64
        let flow: Int
    }

    private var heap: [Entry] = []

    /// What is due first.
    var first: Entry? { heap.first }

    /// Adds a flow.
    mutating func insert(_ flow: Int, at dueNanoseconds: UInt64) {
        heap.append(Entry(dueNanoseconds: dueNanoseconds, flow: flow))
        var child = heap.count - 1
        while child > 0, heap[child].dueNanoseconds < heap[(child - 1) / 2].dueNanoseconds {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Gives the first flow a later time.
    mutating func delayFirst(until dueNanoseconds: UInt64) {
        heap[0].dueNanoseconds = dueNanoseconds
        sinkFirst()
    }

    /// Takes the first flow out.
    mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sinkFirst()
    }

    private mutating func sinkFirst() {
        var parent = 0
        while true {
            var earliest = parent
            for child in 2 * parent + 1...2 * parent + 2
            where child < heap.count && heap[child].dueNanoseconds < heap[earliest].dueNanoseconds {
                earliest = child
            }
            if earliest == parent { return }
            heap.swapAt(parent, earliest)
            parent = earliest
        }
    }
}
