package import Addressing

/// The address that the world sees instead of a relay address behind a NAT: `external-ip=public` or `public/private`.
package struct ExternalAddress: Hashable, Sendable {
    /// What clients are told.
    package let publicAddress: IPAddress
    /// The relay address it stands for; nil when it stands for every relay address of its family.
    package let privateAddress: IPAddress?

    /// A mapping for one relay address, or for all of the family.
    package init(public publicAddress: IPAddress, private privateAddress: IPAddress? = nil) {
        self.publicAddress = publicAddress
        self.privateAddress = privateAddress
    }
}

extension ExternalAddress: CustomStringConvertible {
    /// As in the configuration file.
    package var description: String {
        guard let privateAddress else { return "\(publicAddress)" }
        return "\(publicAddress)/\(privateAddress)"
    }
}
