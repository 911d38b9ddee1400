/// Why a blocking call of the client came to nothing.
package enum ClientError: Error, Equatable, Sendable {
    /// The deadline passed.
    case timedOut
    /// The server closed the stream.
    case closed
    /// What came on the stream is no frame.
    case brokenStream
    /// What was to be sent does not fit its message.
    case tooLong
    /// The server did not prove who it is, or the session of TLS or DTLS broke: why, in words.
    case notSecure(String)
    /// The system refused.
    case system(call: String, errno: Int32)
}
