package import Addressing
package import TURN
package import Timing

/// The world as the engine sees it, made of dictionaries: relay sockets that exist only by name, and a list of what the
/// engine told.
package struct VirtualHost: RelayHost {
    /// A relay socket.
    package struct Socket: Equatable {
        /// What it speaks.
        package let transport: RelayTransport
        /// What it is bound to.
        package let address: TransportAddress
        /// Whose it is.
        package let allocation: AllocationID
    }

    /// The sockets that are open.
    package private(set) var sockets: [RelayHandle: Socket] = [:]
    /// How many were opened in all.
    package private(set) var openedCount = 0
    /// What the engine told, in order, when `keepsEvents`.
    package private(set) var events: [Event] = []
    /// Whether events are kept.
    package var keepsEvents = true
    /// Which ports some other program holds.
    package var isInUse: (TransportAddress) -> Bool = { _ in false }
    /// For which addresses opening fails altogether.
    package var fails: (TransportAddress) -> Bool = { _ in false }

    /// A connection with a peer.
    package struct Peer: Equatable {
        /// The relayed address as it is bound; nil where the peer came.
        package let local: TransportAddress?
        /// The peer's address.
        package let remote: TransportAddress
        /// Its name in the engine; nil for a peer that nobody has accepted yet.
        package let connection: ConnectionID?
    }

    /// The connections with peers that are open.
    package private(set) var peers: [PeerHandle: Peer] = [:]
    /// The messages that clients got beside replies, in order.
    package private(set) var delivered: [(message: [UInt8], path: ClientPath)] = []
    /// Whether connecting fails at once.
    package var cannotConnect = false

    /// Whether it relays channels without the engine.
    package var offloadsChannels = false
    /// The channels that it relays, each with its end.
    package private(set) var offloaded: [ChannelOffload: (channel: EstablishedChannel, end: Instant)] = [:]
    /// What the engine is told when it takes a channel back.
    package var carried = Traffic()
    private var nextOffload: UInt32 = 1

    private var handles: [TransportAddress: RelayHandle] = [:]
    private var nextHandle: UInt64 = 1

    /// A world without sockets.
    package init() {}

    package mutating func openRelay(
        _ transport: RelayTransport, at address: TransportAddress, for allocation: AllocationID
    ) -> RelayOpening {
        if fails(address) { return .failed }
        if isInUse(address) { return .addressInUse }
        precondition(handles[address] == nil, "\(address) is open already")
        let handle = RelayHandle(rawValue: nextHandle)
        nextHandle += 1
        openedCount += 1
        handles[address] = handle
        sockets[handle] = Socket(transport: transport, address: address, allocation: allocation)
        return .opened(handle)
    }

    package mutating func closeRelay(_ relay: RelayHandle) {
        guard let socket = sockets.removeValue(forKey: relay) else { preconditionFailure("\(relay) is not open") }
        handles[socket.address] = nil
    }

    package mutating func connect(
        from relayed: TransportAddress, to peer: TransportAddress, for connection: ConnectionID
    ) -> PeerHandle? {
        cannotConnect ? nil : insert(Peer(local: relayed, remote: peer, connection: connection))
    }

    /// Adds a connection that a peer opened.
    package mutating func accept(from peer: TransportAddress) -> PeerHandle {
        insert(Peer(local: nil, remote: peer, connection: nil))
    }

    private mutating func insert(_ peer: Peer) -> PeerHandle {
        let handle = PeerHandle(rawValue: nextHandle)
        nextHandle += 1
        peers[handle] = peer
        return handle
    }

    package mutating func closePeer(_ peer: PeerHandle) {
        guard peers.removeValue(forKey: peer) != nil else { preconditionFailure("\(peer) is not open") }
    }

    package mutating func deliver(_ message: [UInt8], to client: ClientPath) { delivered.append((message, client)) }

    /// Takes the messages delivered since the last call.
    package mutating func takeDelivered() -> [(message: [UInt8], path: ClientPath)] {
        defer { delivered = [] }
        return delivered
    }

    package mutating func note(_ event: Event) {
        if keepsEvents { events.append(event) }
    }

    package mutating func offload(
        _ channel: EstablishedChannel, until end: Instant, now: Instant
    ) -> ChannelOffload? {
        precondition(now < end, "a channel is offloaded that is over")
        let offload = ChannelOffload(rawValue: nextOffload)
        nextOffload += 1
        offloaded[offload] = (channel, end)
        return offload
    }

    package mutating func keep(_ offload: ChannelOffload, until end: Instant) {
        guard offloaded[offload] != nil else { preconditionFailure("\(offload) is not offloaded") }
        offloaded[offload]?.end = end
    }

    package mutating func takeBack(_ offload: ChannelOffload, now: Instant) -> Traffic {
        guard offloaded.removeValue(forKey: offload) != nil else { preconditionFailure("\(offload) is not offloaded") }
        return carried
    }

    /// Takes the events told since the last call.
    package mutating func takeEvents() -> [Event] {
        defer { events = [] }
        return events
    }

    /// The socket bound to an address.
    package func handle(at address: TransportAddress) -> RelayHandle? { handles[address] }
}
