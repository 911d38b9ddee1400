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
        let links = try attempt { () throws(SystemError) in
            try DatagramLinks(to: server, slots: plan.sessions, longestMessage: longest)
        }
        return try run(plan, links, peer, server, messages, onSample)
    }

    private static func run<Links: ClientLinks & ~Copyable>(
        _ plan: LoadPlan, _ links: consuming Links, _ peer: consuming PeerEndpoint, _ server: TargetServer,
        _ messages: [ProbeMessage], _ onSample: @escaping (LoadSample) -> Void
    ) throws(LoadError) -> LoadReport {
        var loop: LoadLoop<Links>
        do throws(SystemError) {
            loop = try LoadLoop(
                plan, links: links, peer: peer, server: server, messages: messages, onSample: onSample)
        } catch {
            throw .system(error)
        }
        try loop.run()
        return LoadReport(
            plan, server: server, record: loop.record, cycles: loop.cycles, traffic: loop.traffic.figures,
            refusals: loop.links.refusals + loop.peer.refusals)
    }

    private static func messages(
        of plan: LoadPlan, for server: TargetServer, to peer: TransportAddress
    ) throws(LoadError) -> [ProbeMessage] {
        guard case .carry(let carriage) = plan.life else { return [] }
        var messages: [ProbeMessage] = []
        for stream in plan.streams {
            guard
                let message = ProbeMessage(
                    stream, over: carriage, isStream: server.url.transport == .tcp, to: peer)
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
