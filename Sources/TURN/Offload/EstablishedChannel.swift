package import Addressing
package import STUN

/// A channel between a UDP client and a UDP peer as a host must know it that relays its packets without the engine.
package struct EstablishedChannel: Sendable {
    /// Whose traffic it is.
    package let allocation: AllocationID
    /// The client's path.
    package let fiveTuple: FiveTuple
    /// What stands for the peer on that path.
    package let number: ChannelNumber
    /// The address that the relay socket is bound to.
    package let relayed: TransportAddress
    /// Where datagrams for the peer are really sent, and come from (see `AddressTranslation`).
    package let peer: TransportAddress
}
