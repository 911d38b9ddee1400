/// One event of a stream of server-sent events.
package struct ServerSentEvent: Hashable, Sendable {
    /// Its type.
    package let name: String
    /// Its data, the bytes of one JSON value.
    package let data: String

    /// Joins the two.
    package init(name: String, data: String) {
        self.name = name
        self.data = data
    }
}
