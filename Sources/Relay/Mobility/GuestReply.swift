import TURN

/// The reply to a `GuestRequest`, on its way back.
package struct GuestReply: Sendable {
    /// The message.
    let message: [UInt8]
    /// Whom it is for.
    let client: Client
    /// The allocation that is to go on by the client's path, where there is one; the first packet by it claims it.
    let announced: MobilityID?
}
