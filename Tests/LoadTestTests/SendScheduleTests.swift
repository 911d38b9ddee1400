import Testing

@testable import LoadTest

struct SendScheduleTests {
    @Test func givesFlowsInOrder() {
        var schedule = SendSchedule()
        let times = (0..<200).map { _ in UInt64.random(in: 0..<1000) }
        for (flow, time) in times.enumerated() { schedule.insert(flow, at: time) }
        var seen: [UInt64] = []
        while let first = schedule.first {
            #expect(times[first.flow] == first.dueNanoseconds)
            seen.append(first.dueNanoseconds)
            schedule.removeFirst()
        }
        #expect(seen == times.sorted())
    }

    @Test func movesDelayedFlowBack() {
        var schedule = SendSchedule()
        for flow in 0..<3 { schedule.insert(flow, at: UInt64(flow)) }
        schedule.delayFirst(until: 5)
        #expect(schedule.first?.flow == 1)
        schedule.delayFirst(until: 6)
        schedule.delayFirst(until: 7)
        #expect(schedule.first?.flow == 0)
    }
}
