/// What happened on the way between a client and the server.
enum LinkNews {
    /// A message that came: where its bytes lie.
    struct Message {
        let slot: Int
        let buffer: Int
        let range: Range<Int>
    }

    /// The client of a slot can send.
    case opened(slot: Int)
    /// The way is broken.
    case closed(slot: Int)
    /// A message came.
    case message(Message)
}
