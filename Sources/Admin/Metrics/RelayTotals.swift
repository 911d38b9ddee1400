import Relay
import STUN
import TURN
import Transport

/// The reports of workers, added up.
struct RelayTotals {
    private(set) var sessions: [ClientTransport: Int] = [:]
    private(set) var relayedAddresses: [String: Int] = [:]
    private(set) var traffic: [ClientTransport: Traffic] = [:]
    private(set) var permissions = 0
    private(set) var channels = 0
    private(set) var connections = 0
    private(set) var created: UInt64 = 0
    private(set) var refreshed: UInt64 = 0
    private(set) var ended: [Event.Ending: UInt64] = [:]
    private(set) var successes: [Method: UInt64] = [:]
    private(set) var refusals: [RequestCounters.Refused: UInt64] = [:]
    private(set) var authenticationFailures: [AuthenticationFailure: UInt64] = [:]
    private(set) var deniedPeers: UInt64 = 0
    /// Everything that was thrown away, by cause.
    private(set) var drops: [String: UInt64] = [:]
    private(set) var offload = OffloadFigures()
    private(set) var datagramsSent: UInt64 = 0
    private(set) var sendCalls: UInt64 = 0
    private(set) var connectionsAccepted: UInt64 = 0
    private(set) var connectionsShed: UInt64 = 0
    /// Connections with peers (RFC 6062), by what became of them.
    private(set) var peerConnections: [String: UInt64] = [:]
    private(set) var tlsFailures: UInt64 = 0
    private(set) var handshakesGivenUp: UInt64 = 0
    private(set) var receiveErrors: UInt64 = 0
    private(set) var turnNanoseconds: Histogram
    private(set) var batchSizes: Histogram

    init(_ reports: [WorkerReport]) {
        let load = WorkerLoad()
        (turnNanoseconds, batchSizes) = (load.turnNanoseconds, load.batchSizes)
        for report in reports { add(report) }
    }

    private mutating func add(_ report: WorkerReport) {
        for transport in ClientTransport.allCases {
            sessions[transport, default: 0] += report.tally.sessions[Int(transport.rawValue)]
            traffic[transport, default: Traffic()].add(report.tally.traffic[Int(transport.rawValue)])
        }
        relayedAddresses["ipv4", default: 0] += report.tally.relayedIPv4
        relayedAddresses["ipv6", default: 0] += report.tally.relayedIPv6
        permissions += report.permissions
        channels += report.channels
        connections += report.connections + report.datagramSessions
        addEvents(report)
        addDrops(report)
        offload.add(report.offload)
        datagramsSent &+= report.sends.sent
        sendCalls &+= report.sends.calls
        connectionsAccepted &+= report.counters.accepted
        connectionsShed &+= report.counters.shed
        addPeerConnections(report)
        tlsFailures &+= report.counters.tlsFailures
        handshakesGivenUp &+= report.counters.handshakesGivenUp
        receiveErrors &+= report.counters.receiveErrors
        turnNanoseconds.add(report.load.turnNanoseconds)
        batchSizes.add(report.load.batchSizes)
    }

    private mutating func addEvents(_ report: WorkerReport) {
        created &+= report.events.created
        refreshed &+= report.events.refreshed
        deniedPeers &+= report.events.deniedPeers
        ended.merge(report.events.ended) { $0 &+ $1 }
        authenticationFailures.merge(report.events.authenticationFailures) { $0 &+ $1 }
        successes.merge(report.requests.successes) { $0 &+ $1 }
        refusals.merge(report.requests.refusals) { $0 &+ $1 }
    }

    private mutating func addPeerConnections(_ report: WorkerReport) {
        peerConnections["accepted", default: 0] &+= report.counters.peersAccepted
        peerConnections["refused", default: 0] &+= report.counters.peersRefused
        peerConnections["connected", default: 0] &+= report.counters.peersConnected
        peerConnections["joined", default: 0] &+= report.counters.connectionsJoined
    }

    private mutating func addDrops(_ report: WorkerReport) {
        for reason in DropReason.allCases { drops["\(reason)", default: 0] &+= report.drops[reason] }
        drops["truncated", default: 0] &+= report.counters.truncated
        drops["sendBufferFull", default: 0] &+= report.sends.droppedFull
        drops["sendRefused", default: 0] &+= report.sends.refused
        drops["slowReader", default: 0] &+= report.backlogDrops
        drops["betweenWorkers", default: 0] &+= report.counters.guestsLost
    }
}
