package import Addressing

/// Which sessions an operator asks about. What is nil does not matter; the rest must all hold.
package struct SessionFilter: Sendable {
    /// The user name, byte for byte.
    package var username: [UInt8]?
    /// The realm, byte for byte.
    package var realm: [UInt8]?
    /// The client's address, whatever the port.
    package var client: IPAddress?
    /// A peer that the session has a live permission for.
    package var peer: IPAddress?
    /// How the client talks to the server.
    package var transport: ClientTransport?

    /// Whether only those count that may move from worker to worker.
    package var isMobile = false

    /// All sessions.
    package init() {}

    /// Whether it leaves nothing out.
    package var isEmpty: Bool {
        username == nil && realm == nil && client == nil && peer == nil && transport == nil && !isMobile
    }
}
