package import Addressing
package import STUN

/// What happens in the engine that an operator wants to read about.
package enum Event: Sendable {
    /// Why an allocation ended.
    package enum Ending: String, Sendable {
        /// The client asked for it: a Refresh with lifetime zero.
        case released
        /// Nobody refreshed it in time.
        case expired
        /// The client's connection is gone.
        case disconnected
        /// The operator ended it.
        case ended
        /// The server shuts down.
        case shutdown
    }

    /// An allocation began.
    case allocationCreated(
        AllocationID, FiveTuple, username: [UInt8], relayed: [TransportAddress], lifetimeSeconds: UInt32)
    /// An allocation was prolonged.
    case allocationRefreshed(AllocationID, FiveTuple, username: [UInt8], lifetimeSeconds: UInt32)
    /// An allocation goes on by another path, and maybe in another worker (RFC 8016).
    case allocationMoved(AllocationID, FiveTuple, username: [UInt8], from: Whereabouts)
    /// An allocation is over.
    case allocationEnded(AllocationID, FiveTuple, username: [UInt8], Traffic, ageSeconds: UInt32, Ending)
    /// A connection with a peer that a client made use of is over.
    case connectionEnded(
        AllocationID, FiveTuple, username: [UInt8], peer: TransportAddress, Traffic, ageSeconds: UInt32)
    /// Somebody brought credentials that do not fit.
    case authenticationFailed(FiveTuple, username: [UInt8], Method, AuthenticationFailure)
    /// A client asked for a peer that the policy denies.
    case peerDenied(FiveTuple, username: [UInt8], peer: IPAddress, PeerRule)
    /// An authenticated request was refused.
    case requestRefused(FiveTuple, username: [UInt8], Method, ErrorCode)
}
