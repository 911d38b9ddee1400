package import Addressing

/// What the engine asks of the world: relay sockets, and somebody to tell. The relay gives it real sockets, a simulation a
/// virtual network.
package protocol RelayHost: ~Copyable {
    /// Opens a UDP socket on `address` whose datagrams belong to `allocation`.
    mutating func openRelay(at address: TransportAddress, for allocation: AllocationID) -> RelayOpening
    /// Closes a socket that `openRelay` opened.
    mutating func closeRelay(_ relay: RelayHandle)
    /// Hears what happened, for logs.
    mutating func note(_ event: Event)
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
