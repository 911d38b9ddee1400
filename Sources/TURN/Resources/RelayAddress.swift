package import Addressing

/// An address that relay sockets are bound to, and what clients are told instead of it.
package struct RelayAddress: Sendable, Equatable {
    /// `relay-ip`.
    package let bound: IPAddress
    /// The `external-ip` that stands for it, or the same.
    package let advertised: IPAddress

    /// Joins the two; without an external address the bound one is told.
    package init(bound: IPAddress, advertised: IPAddress? = nil) {
        self.bound = bound
        self.advertised = advertised ?? bound
    }
}
