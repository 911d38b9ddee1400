/// What a worker counts on its own account, beside the engine's `DropCounters`.
package struct WorkerCounters: Sendable {
    /// TCP connections accepted.
    package var accepted: UInt64 = 0
    /// TCP connections closed at once: for want of descriptors or memory, or because the client had gone.
    package var shed: UInt64 = 0
    /// TCP connections closed because their source had too many.
    package var crowdedOut: UInt64 = 0
    /// TCP connections without an allocation that made room for newer ones.
    package var strangersGivenUp: UInt64 = 0
    /// TCP connections closed because the header of the PROXY protocol was wrong, or its sender not to be trusted.
    package var proxyFailures: UInt64 = 0
    /// TCP connections closed because a proxy gave the same ends to a newer one.
    package var displaced: UInt64 = 0
    /// TLS sessions that failed, most of them in the handshake.
    package var tlsFailures: UInt64 = 0
    /// TLS handshakes given up because too many others had begun since.
    package var handshakesGivenUp: UInt64 = 0
    /// Connections that peers have opened to relayed addresses, and that clients were told of.
    package var peersAccepted: UInt64 = 0
    /// Those that were closed at once: no permission, or too many.
    package var peersRefused: UInt64 = 0
    /// Connections to peers that clients have asked for and that came about.
    package var peersConnected: UInt64 = 0
    /// Connections of clients joined with one of a peer.
    package var connectionsJoined: UInt64 = 0
    /// Messages of clients, and replies to them, that found no room on their way between workers.
    package var guestsLost: UInt64 = 0
    /// Datagrams longer than a buffer.
    package var truncated: UInt64 = 0
    /// Errors of receiving calls.
    package var receiveErrors: UInt64 = 0

    /// All zero.
    package init() {}
}
