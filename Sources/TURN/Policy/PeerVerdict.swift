/// What the policy says of a peer.
package enum PeerVerdict: Sendable, Equatable {
    /// The peer may be reached on every port.
    case allowed
    /// The peer is this server itself: only its relay ports may be reached, from one client's allocation to another's.
    case allowedOnRelayPorts
    /// The peer may not be reached, by this rule.
    case denied(PeerRule)
}
