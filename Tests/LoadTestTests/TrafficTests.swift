import Addressing
import Testing
import Timing

@testable import LoadTest

/// The data of some sessions, without sockets and with a clock of the test's.
struct TrafficTests {
    private let peer = TransportAddress(IPAddress(v4: 0xC000_0201), port: 9)

    private func traffic(_ plan: LoadPlan) -> Traffic {
        let messages = plan.streams.compactMap { ProbeMessage($0, over: .channels, isStream: false, to: peer) }
        return Traffic(plan, messages: messages)
    }

    private func instant(_ nanoseconds: UInt64) -> Instant { Instant(nanoseconds: nanoseconds) }

    @Test func latencyCountsFromTheIntendedTime() throws {
        var plan = LoadPlan("relay", .carry(.channels))
        plan.streams = [MediaStream(.down, payloadByteCount: 100, intervalNanoseconds: 1_000_000)]
        var traffic = traffic(plan)
        traffic.figures.begin(at: 1)
        traffic.start(0, at: instant(1))
        // The load could not send for 10 ms: ten packets are late, and their lateness counts.
        let now = instant(10_000_001)
        var departures = 0
        while let departure = traffic.nextDeparture(at: now) {
            traffic.write(departure)
            let message = traffic.message(of: departure.stream)
            traffic.arrived(message.span, .down, at: now)
            departures += 1
        }
        #expect(departures == 10)
        let latency = traffic.figures.down.latency.distribution
        #expect(latency.count == 10)
        #expect(latency.maximum >= 8900)
        #expect(latency.minimum <= 1100)
    }

    @Test func countsLossAndReordering() throws {
        var plan = LoadPlan("relay", .carry(.channels))
        plan.streams = [MediaStream(.up, payloadByteCount: 50)]
        plan.window = 4
        var traffic = traffic(plan)
        traffic.figures.begin(at: 0)
        traffic.start(0, at: instant(1))
        var sent: [[UInt8]] = []
        while let departure = traffic.nextDeparture(at: instant(2)) {
            traffic.write(departure)
            // Without the header of ChannelData: as it comes out at the peer.
            sent.append(Array(traffic.message(of: departure.stream).dropFirst(4)))
        }
        #expect(sent.count == 4)
        for index in [0, 2, 1] {
            let payload = sent[index]
            traffic.arrived(payload.span, .up, at: instant(3))
        }
        #expect(traffic.figures.up.offered == 4)
        #expect(traffic.figures.up.delivered == 3)
        #expect(traffic.figures.up.reordered == 1)
        #expect(traffic.figures.arrivals == 3)
        // What comes back the wrong way, or is not ours, is nothing.
        let payload = sent[3]
        traffic.arrived(payload.span, .down, at: instant(3))
        let stranger = [UInt8](repeating: 1, count: 50)
        traffic.arrived(stranger.span, .up, at: instant(3))
        #expect(traffic.figures.up.delivered == 3)
    }

    @Test func stoppedSessionSendsNothing() {
        var plan = LoadPlan("relay", .carry(.channels))
        plan.sessions = 2
        plan.streams = [MediaStream(.up, payloadByteCount: 50)]
        plan.window = 8
        var traffic = traffic(plan)
        traffic.start(0, at: instant(1))
        traffic.start(1, at: instant(1))
        traffic.stop(0)
        while let departure = traffic.nextDeparture(at: instant(1)) {
            #expect(departure.slot == 1)
            traffic.write(departure)
        }
    }
}
