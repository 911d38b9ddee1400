package import Addressing
package import Timing

/// What the engine asks of the world: relay sockets, connections, and somebody to tell. The relay gives it real sockets, a simulation a
/// virtual network.
package protocol RelayHost: ~Copyable {
    /// Opens a socket on `address` whose datagrams, or whose connections, belong to `allocation`.
    mutating func openRelay(
        _ transport: RelayTransport, at address: TransportAddress, for allocation: AllocationID
    ) -> RelayOpening
    /// Closes a socket that `openRelay` opened.
    mutating func closeRelay(_ relay: RelayHandle)
    /// Begins to connect to a peer from a relayed address that `openRelay` opened, and tells the outcome through
    /// `Engine.connectEnded`; nil when it fails at once.
    mutating func connect(
        from relayed: TransportAddress, to peer: TransportAddress, for connection: ConnectionID
    ) -> PeerHandle?
    /// Closes a connection with a peer, and the client's that it is joined with.
    mutating func closePeer(_ peer: PeerHandle)
    /// Sends a client a message that is no reply to what was just received: a late one, or an indication.
    mutating func deliver(_ message: [UInt8], to client: ClientPath)
    /// Hears what happened, for logs.
    mutating func note(_ event: Event)

    /// Whether it can relay established channels by itself, so that their packets need not come to the engine.
    var offloadsChannels: Bool { get }
    /// Relays a channel in both directions from now on.
    ///
    /// - Parameter end: when it must stop unless told otherwise; packets come to the engine from then on.
    /// - Returns: what to call it by; nil when its packets go on coming to the engine.
    mutating func offload(_ channel: EstablishedChannel, until end: Instant, now: Instant) -> ChannelOffload?
    /// Moves the end of a channel, be it to later or to earlier.
    mutating func keep(_ offload: ChannelOffload, until end: Instant)
    /// Stops relaying a channel, at once.
    ///
    /// - Returns: what it has carried that the engine was not told of yet.
    mutating func takeBack(_ offload: ChannelOffload, now: Instant) -> Traffic
}

/// Most hosts leave every packet to the engine.
extension RelayHost where Self: ~Copyable {
    package var offloadsChannels: Bool { false }

    package mutating func offload(
        _ channel: EstablishedChannel, until end: Instant, now: Instant
    ) -> ChannelOffload? { nil }

    package mutating func keep(_ offload: ChannelOffload, until end: Instant) {}

    package mutating func takeBack(_ offload: ChannelOffload, now: Instant) -> Traffic { Traffic() }
}

/// How opening a relay socket went.
package enum RelayOpening: Sendable {
    /// The socket is bound and receives.
    case opened(RelayHandle)
    /// Some other program has the port; another one may be free.
    case addressInUse
    /// No port will do: the address is not there, or descriptors have run out.
    case failed
}
