package import Addressing

/// An allocation between two workers, with all it holds but its sockets: those are the host's.
package struct MovedAllocation: Sendable {
    /// Its name.
    package let id: MobilityID
    /// The path on which it goes on.
    package let client: Client
    /// Where it comes from.
    let origin: Whereabouts
    let allocation: Allocation
    let owner: AllocationOwner
    let permissions: [Permission]
    let channels: [ChannelBinding]

    /// The host's sockets where it comes from, by family.
    package var relays: [(family: IPAddress.Family, handle: RelayHandle)] {
        IPAddress.Family.allCases.compactMap { family in allocation[family].map { (family, $0.handle) } }
    }
}
