import Timing
import Transport

/// The ways of all clients to the server: one 5-tuple for each slot.
protocol ClientLinks: ~Copyable {
    /// Begins a new 5-tuple for a slot; a former one is given up. `.opened` is the news of success.
    mutating func open(_ slot: Int, in epoll: borrowing Epoll) throws(SystemError)
    /// Sends one message, or drops it where the network is full.
    mutating func send(_ message: Span<UInt8>, for slot: Int)
    /// Lets go what was gathered by sending.
    mutating func flush(in epoll: borrowing Epoll) throws(SystemError)
    /// Receives what an event announces.
    mutating func serve(_ event: Epoll.Event, in epoll: borrowing Epoll) throws(SystemError)

    /// Sends again what a handshake may have lost, and gives up those that lead to nothing. To be called now and then.
    mutating func keepUp(at now: Instant)

    /// What has happened since `reset`.
    var news: [LinkNews] { get }
    /// The bytes of a message in the news.
    @_lifetime(borrow self)
    func bytes(_ message: LinkNews.Message) -> Span<UInt8>
    /// Forgets the news.
    mutating func reset()

    /// Why TLS or DTLS failed for the first client for which it did.
    var firstFailure: TLSError? { get }
    /// How many messages this machine refused to send.
    var refusals: UInt64 { get }
}
