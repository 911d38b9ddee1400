/// The client a packet came from.
package struct Client: Sendable, BitwiseCopyable {
    /// Both ends of its path, and the transport.
    package let fiveTuple: FiveTuple
    /// The host's way back to it.
    package let path: ClientPath

    /// Joins the two.
    @inlinable
    package init(fiveTuple: FiveTuple, path: ClientPath) {
        self.fiveTuple = fiveTuple
        self.path = path
    }
}
