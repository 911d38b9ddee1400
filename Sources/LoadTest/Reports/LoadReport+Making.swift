import Timing

extension LoadReport {
    /// The report of a run that has ended.
    init(
        _ plan: LoadPlan, server: TargetServer, record: RunRecord, cycles: CycleFigures, traffic: TrafficFigures,
        refusals: UInt64
    ) {
        scenario = plan.name
        self.server = server.url.description
        sessions = plan.sessions
        seconds = record.measuredSeconds
        samples = record.samples
        requests = Requests(cycles, plan, record)
        if traffic.up.offered > 0 { up = Direction(traffic.up, seconds: seconds) }
        if traffic.down.offered > 0 { down = Direction(traffic.down, seconds: seconds) }
        if up != nil || down != nil { relayLatency = traffic.latency.distribution }
        process = Server(plan, record, cycles, packets: traffic.arrivals)
        generator.processors = record.ownProcessors
        generator.lag = traffic.lag.distribution
        generator.refusedPackets = Int(refusals)
        generator.limit = limit(plan)
    }

    private func limit(_ plan: LoadPlan) -> String? {
        if generator.refusedPackets > 0 { return "this machine refused to send some packets" }
        if let lag = generator.lag.microseconds(99), lag > 2000 {
            return "one packet in a hundred left more than 2 ms too late"
        }
        if !plan.spins, generator.processors > 0.95 { return "turnload had its processor busy all the time" }
        return nil
    }
}

extension LoadReport.Direction {
    init(_ figures: TrafficFigures.Direction, seconds: Double) {
        offeredPackets = figures.offered
        offeredPacketsPerSecond = Double(figures.offered) / seconds
        offeredBitsPerSecond = Double(figures.offeredBytes) * 8 / seconds
        deliveredPackets = figures.delivered
        deliveredPacketsPerSecond = Double(figures.delivered) / seconds
        deliveredBitsPerSecond = Double(figures.deliveredBytes) * 8 / seconds
        lostPackets = max(0, figures.offered - figures.delivered)
        lossPercent = Double(lostPackets) * 100 / Double(max(figures.offered, 1))
        reorderedPackets = figures.reordered
        latency = figures.latency.distribution
    }
}

extension LoadReport.Requests {
    init(_ figures: CycleFigures, _ plan: LoadPlan, _ record: RunRecord) {
        begun = figures.begun
        succeeded = figures.succeeded
        failures = Dictionary(uniqueKeysWithValues: figures.failures.map { ("\($0)", $1) })
        lostAllocations = figures.lost
        latency = figures.latency.distribution
        let inTime = plan.life.isCycle ? figures.succeededWhileMeasuring : min(succeeded, plan.sessions)
        let seconds = plan.life.isCycle ? record.measuredSeconds : record.setUpSeconds
        perSecond = Double(inTime) / max(seconds, 1e-9)
    }
}

extension LoadReport.Server {
    init?(_ plan: LoadPlan, _ record: RunRecord, _ cycles: CycleFigures, packets: Int) {
        guard let start = record.start?.server, let setUp = record.setUp?.server,
            let from = record.measuredFrom?.server, let until = record.measuredUntil?.server
        else { return nil }
        let measured = plan.life.isCycle || packets > 0 ? (from, until) : (start, setUp)
        let nanoseconds = Double(measured.1.nanoseconds) - Double(measured.0.nanoseconds)
        cpuSeconds = nanoseconds / 1e9
        processors = Double(until.nanoseconds - min(from.nanoseconds, until.nanoseconds)) / 1e9 / record.measuredSeconds
        let user = Double(measured.1.userTicks - measured.0.userTicks)
        let system = Double(measured.1.systemTicks - measured.0.systemTicks)
        userPercent = user * 100 / max(user + system, 1)
        if packets > 0 {
            microsecondsPerPacket = nanoseconds / 1000 / Double(packets)
        } else {
            let requests = plan.life.isCycle ? cycles.succeededWhileMeasuring : cycles.succeeded
            microsecondsPerRequest = nanoseconds / 1000 / Double(max(requests, 1))
        }
        residentBytesBefore = start.residentBytes
        residentBytesSetUp = setUp.residentBytes
        residentBytesAfter = record.end?.server?.residentBytes
        residentBytesPerMinute = record.residentBytesPerMinute
        descriptorsBefore = start.descriptors
        descriptorsSetUp = setUp.descriptors
        descriptorsAfter = record.end?.server?.descriptors
        if !plan.life.isCycle {
            residentBytesPerAllocation =
                Double(setUp.residentBytes - start.residentBytes) / Double(max(plan.sessions, 1))
        }
    }
}

extension RunRecord {
    /// The slope of the straight line that fits the server's memory best, over the second half of the samples: in the
    /// first, tables still grow to what they need.
    var residentBytesPerMinute: Double? {
        let points = samples.filter(\.isMeasured).compactMap { sample in
            sample.serverResidentBytes.map { (x: sample.second, y: Double($0)) }
        }
        let half = points.suffix(points.count / 2)
        guard half.count >= 10 else { return nil }
        let mean = half.reduce((x: 0.0, y: 0.0)) { ($0.x + $1.x, $0.y + $1.y) }
        let center = (x: mean.x / Double(half.count), y: mean.y / Double(half.count))
        let product = half.reduce(0.0) { $0 + ($1.x - center.x) * ($1.y - center.y) }
        let square = half.reduce(0.0) { $0 + ($1.x - center.x) * ($1.x - center.x) }
        return product / square * 60
    }

    /// How long was measured.
    var measuredSeconds: Double { Self.seconds(measuredFrom, measuredUntil) }

    /// How long setting up all sessions took.
    var setUpSeconds: Double { Self.seconds(start, setUp) }

    /// The processors that this program kept busy while measuring.
    var ownProcessors: Double {
        guard let from = measuredFrom, let until = measuredUntil else { return 0 }
        return Double(until.ownNanoseconds - from.ownNanoseconds) / 1e9 / max(measuredSeconds, 1e-9)
    }

    private static func seconds(_ from: Mark?, _ until: Mark?) -> Double {
        guard let from, let until else { return 0 }
        return Double(until.instant.nanoseconds(since: from.instant)) / 1e9
    }
}
