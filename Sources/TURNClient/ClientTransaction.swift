import STUN
import Timing

/// A request on its way: its bytes, which are the same in every retransmission, and what its response must show.
struct ClientTransaction: Sendable {
    /// The key of an authenticated request, and which of the two message integrities it carries.
    struct Protection: Sendable {
        let key: [UInt8]
        let usesSHA256: Bool
    }

    /// The request's number in its session, which stays the same when a challenge gives it a new transaction id.
    let number: Int
    /// What is asked.
    let request: ClientRequest
    /// The id that the response must carry.
    let id: TransactionID
    /// The message.
    let bytes: [UInt8]
    /// How the message was authenticated; nil when it was not.
    let protection: Protection?
    /// Whether it repeats a request that was answered with 438.
    var followsStaleNonce = false
    var schedule: RetransmissionSchedule
}
