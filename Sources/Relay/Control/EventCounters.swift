package import TURN

/// How often each kind of event came up in a worker.
package struct EventCounters: Sendable {
    /// Allocations made.
    package private(set) var created: UInt64 = 0
    /// Allocations prolonged.
    package private(set) var refreshed: UInt64 = 0
    /// Allocations that went on by another path.
    package private(set) var moved: UInt64 = 0
    /// Allocations over, by reason.
    package private(set) var ended: [Event.Ending: UInt64] = [:]
    /// Credentials that did not fit, by reason.
    package private(set) var authenticationFailures: [AuthenticationFailure: UInt64] = [:]
    /// Peers that the policy denied.
    package private(set) var deniedPeers: UInt64 = 0

    mutating func count(_ event: Event) {
        switch event {
        case .allocationCreated: created &+= 1
        case .allocationRefreshed: refreshed &+= 1
        case .allocationMoved: moved &+= 1
        case .allocationEnded(_, _, _, _, _, let ending): ended[ending, default: 0] &+= 1
        case .authenticationFailed(_, _, _, let failure): authenticationFailures[failure, default: 0] &+= 1
        case .peerDenied: deniedPeers &+= 1
        case .connectionEnded: break  // its beginning is counted by the worker
        case .requestRefused: break  // counted by the engine, with those of strangers
        }
    }
}
