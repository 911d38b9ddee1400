/// What a session wants done.
package enum ClientAction: Equatable, Sendable {
    /// Send these bytes to the server.
    case transmit([UInt8])
    /// The request of this number was never answered, and is given up.
    case giveUp(request: Int)
}
