import STUN
import Timing

/// A request on its way through the engine.
struct Request: ~Escapable {
    /// The message.
    let message: MessageReader
    /// Who sent it, by address.
    let client: Client
    /// When it came.
    let now: Moment

    @_lifetime(copy message)
    init(message: borrowing MessageReader, client: Client, now: Moment) {
        self.message = copy message
        self.client = client
        self.now = now
    }
}
