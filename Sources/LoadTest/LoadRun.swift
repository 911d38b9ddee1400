package import Addressing
import TURNClient
import Transport

/// Runs a plan against a server.
package enum LoadRun {
    /// Runs on the calling thread and gives the report. `onSample` hears of each second.
    package static func run(
        _ plan: LoadPlan, against server: TargetServer, peerAt peerAddress: IPAddress? = nil,
        onSample: @escaping (LoadSample) -> Void = { _ in }
    ) throws(LoadError) -> LoadReport {
        let course = try course(plan, against: server, peerAt: peerAddress, onSample: onSample)
        try course.prepare()
        try course.measure()
        try course.finish()
        return course.report
    }

    /// Runs a plan against several servers in turn, so many times, on the calling thread. The sessions of all of them stand
    /// from beginning to end. Gives the reports of each server; `onReport` hears of each round and server.
    package static func compare(
        _ plan: LoadPlan, among servers: [TargetServer], rounds: Int, peerAt peerAddress: IPAddress? = nil,
        onReport: (_ round: Int, _ server: Int, LoadReport) -> Void
    ) throws(LoadError) -> [[LoadReport]] {
        var courses: [any LoadCourse] = []
        var reports: [[LoadReport]] = servers.map { _ in [] }
        for server in servers {
            let course = try course(plan, against: server, peerAt: peerAddress, onSample: { _ in })
            try course.prepare()
            courses.append(course)
        }
        for round in 0..<rounds {
            for (index, course) in courses.enumerated() {
                try course.measure()
                reports[index].append(course.report)
                onReport(round, index, course.report)
            }
        }
        for course in courses { try course.finish() }
        return reports
    }

    private static func course(
        _ plan: LoadPlan, against server: TargetServer, peerAt peerAddress: IPAddress?,
        onSample: @escaping (LoadSample) -> Void
    ) throws(LoadError) -> any LoadCourse {
        let longest = (plan.streams.map(\.payloadByteCount).max() ?? 0) + 128
        do throws(SystemError) {
            _ = try FileDescriptorLimit.raise()
            try Thread.sharpenTimers()
            if let processor = plan.processor { try Thread.pinCurrent(toProcessor: processor) }
        } catch {
            throw .system(error)
        }
        let peer = try attempt { () throws(SystemError) in
            try PeerEndpoint(at: peerAddress ?? PeerEndpoint.address(beside: server), longestMessage: longest)
        }
        let messages = try messages(of: plan, for: server, to: peer.address)
        let security = try security(for: server)
        if server.url.transport.isStream {
            let links = StreamLinks(to: server, slots: plan.sessions, security: security)
            return try course(plan, links, peer, server, messages, onSample)
        }
        let links = try attempt { () throws(SystemError) in
            try DatagramLinks(to: server, slots: plan.sessions, longestMessage: longest, security: security)
        }
        return try course(plan, links, peer, server, messages, onSample)
    }

    private static func course<Links: ClientLinks & ~Copyable>(
        _ plan: LoadPlan, _ links: consuming Links, _ peer: consuming PeerEndpoint, _ server: TargetServer,
        _ messages: [ProbeMessage], _ onSample: @escaping (LoadSample) -> Void
    ) throws(LoadError) -> LinkedCourse<Links> {
        do throws(SystemError) {
            let loop = try LoadLoop(
                plan, links: links, peer: peer, server: server, messages: messages, onSample: onSample)
            return LinkedCourse(loop, server: server)
        } catch {
            throw .system(error)
        }
    }

    private static func security(for server: TargetServer) throws(LoadError) -> LinkSecurity? {
        do throws(TLSError) {
            return try LinkSecurity(for: server)
        } catch {
            throw .notSecure(error)
        }
    }

    private static func messages(
        of plan: LoadPlan, for server: TargetServer, to peer: TransportAddress
    ) throws(LoadError) -> [ProbeMessage] {
        guard case .carry(let carriage) = plan.life else { return [] }
        var messages: [ProbeMessage] = []
        for stream in plan.streams {
            guard
                let message = ProbeMessage(
                    stream, over: carriage, isStream: server.url.transport.isStream, to: peer)
            else { throw .payloadTooLong }
            messages.append(message)
        }
        return messages
    }

    private static func attempt<Result: ~Copyable>(
        _ body: () throws(SystemError) -> Result
    ) throws(LoadError) -> Result {
        do throws(SystemError) {
            return try body()
        } catch {
            throw .system(error)
        }
    }
}
