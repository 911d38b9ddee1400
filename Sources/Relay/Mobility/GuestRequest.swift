import TURN

/// A Refresh with the ticket of an allocation that another worker has, on its way there (RFC 8016). Streams need none of
/// this: their connections go to the other worker as they are.
package struct GuestRequest: Sendable {
    /// The message.
    let message: [UInt8]
    /// Whom it came from; the path means something to the worker it came to alone.
    let client: Client
    /// The worker it came to.
    let worker: Int
}
