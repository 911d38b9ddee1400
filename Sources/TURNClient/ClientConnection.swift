package import Addressing
package import STUN
import Timing
import Transport

/// A client that blocks: a session on a socket, for tests and tools that do one thing after another. Every wait has a
/// deadline.
package final class ClientConnection {
    /// The server.
    package let server: TransportAddress
    /// The session, whose switches may be set before a request.
    package var session: ClientSession
    private var link: ClientLink
    private var stream: [UInt8] = []
    private var relayed: [RelayedData] = []
    private var attempts: [(peer: TransportAddress, connectionID: UInt32)] = []

    /// A client that reaches `server` from `local`, or from any address of its own. `trust` matters over TLS and DTLS.
    package init(
        _ transport: ClientTransport, to server: TransportAddress, from local: TransportAddress? = nil,
        credentials: Credentials? = nil, trust: ServerTrust = ServerTrust(), receiveBufferByteCount: Int? = nil
    ) throws(ClientError) {
        self.server = server
        session = ClientSession(isStream: transport.isStream, credentials: credentials)
        link = try ClientLink(
            transport, to: server, from: local, trust: trust, receiveBufferByteCount: receiveBufferByteCount)
    }

    /// Goes on with this session from another address, as a client does whose network changes. The server takes it for
    /// the same one if it has given a ticket (RFC 8016 §3.2).
    package func move(to local: TransportAddress? = nil) throws(ClientError) {
        link = try ClientLink(link.transport, to: server, from: local, trust: link.trust)
        stream = []
    }

    /// The address that the client sends from.
    package var localAddress: TransportAddress { link.localAddress }

    /// The protocol that ALPN led to over TLS and DTLS, such as `stun.turn`; nil when the server chose none.
    package var applicationProtocol: String? { link.applicationProtocol }

    // MARK: - Requests

    /// Sends a request until it is answered, once more when the server asks for credentials. What peers send meanwhile is
    /// kept for `receiveRelayed`.
    package func request(
        _ request: ClientRequest, withinMilliseconds limit: UInt32 = 5000
    ) throws(ClientError) -> ClientResponse {
        let deadline = ClientSocket.now.adding(milliseconds: limit)
        let number = session.begin(request, at: ClientSocket.now)
        while true {
            try transmitWhatIsDue()
            guard let next = session.nextDeadline else { throw .timedOut }
            guard let message = try receiveMessage(until: min(next, deadline)) else {
                if ClientSocket.now >= deadline { throw .timedOut }
                continue
            }
            if case .response(number, let response) = take(message) { return response }
        }
    }

    private func transmitWhatIsDue() throws(ClientError) {
        while let action = session.poll(at: ClientSocket.now) {
            if case .transmit(let bytes) = action { try send(bytes) }
        }
    }

    private func take(_ message: [UInt8]) -> ClientEvent {
        let event = session.receive(message.span, at: ClientSocket.now)
        switch event {
        case .data(let peer, let payload): relayed.append(.indication(from: peer, Array(message[payload])))
        case .channelData(let channel, let payload): relayed.append(.channel(channel, Array(message[payload])))
        case .connectionAttempt(let peer, let id): attempts.append((peer, id))
        case .response, .challenged, .ignored: break
        }
        return event
    }

    // MARK: - Data

    /// Sends data to a peer in a Send indication.
    package func send(_ data: [UInt8], to peer: TransportAddress, dontFragment: Bool = false) throws(ClientError) {
        guard let bytes = session.sendIndication(to: peer, data, dontFragment: dontFragment) else { throw .tooLong }
        try send(bytes)
    }

    /// Sends data to the peer of a channel.
    package func send(_ data: [UInt8], through channel: ChannelNumber) throws(ClientError) {
        guard let bytes = session.channelData(channel, data) else { throw .tooLong }
        try send(bytes)
    }

    /// What a peer sent, in the order of arrival.
    package func receiveRelayed(withinMilliseconds limit: UInt32 = 5000) throws(ClientError) -> RelayedData {
        let deadline = ClientSocket.now.adding(milliseconds: limit)
        while relayed.isEmpty {
            guard let message = try receiveMessage(until: deadline) else { throw .timedOut }
            _ = take(message)
        }
        return relayed.removeFirst()
    }

    /// The next connection that a peer has opened (RFC 6062 §4.4).
    package func receiveConnectionAttempt(
        withinMilliseconds limit: UInt32 = 5000
    ) throws(ClientError) -> (peer: TransportAddress, connectionID: UInt32) {
        let deadline = ClientSocket.now.adding(milliseconds: limit)
        while attempts.isEmpty {
            guard let message = try receiveMessage(until: deadline) else { throw .timedOut }
            _ = take(message)
        }
        return attempts.removeFirst()
    }

    // MARK: - Bytes

    /// What comes next on the stream, framed or not: behind a ConnectionBind it is the peer's. Empty at the end.
    package func receiveBytes(withinMilliseconds limit: UInt32 = 5000) throws(ClientError) -> [UInt8] {
        guard stream.isEmpty else { return exchange(&stream, with: []) }
        return try link.receive(until: ClientSocket.now.adding(milliseconds: limit))
    }

    /// Sends bytes as they are: one datagram, or a piece of the stream.
    package func send(_ bytes: [UInt8]) throws(ClientError) {
        try link.send(bytes, until: ClientSocket.now.adding(seconds: 5))
    }

    /// The next message as it came: a datagram from the server's address, or the content of a frame.
    package func receiveMessage(withinMilliseconds limit: UInt32 = 5000) throws(ClientError) -> [UInt8] {
        guard let message = try receiveMessage(until: ClientSocket.now.adding(milliseconds: limit)) else {
            throw .timedOut
        }
        return message
    }

    /// The next frame of the stream as it came, with its padding.
    package func receiveFrame(withinMilliseconds limit: UInt32 = 5000) throws(ClientError) -> [UInt8] {
        let deadline = ClientSocket.now.adding(milliseconds: limit)
        while true {
            if let frame = try nextFrame() { return frame.bytes }
            try readStream(until: deadline)
        }
    }

    /// Reads the stream, throwing away what comes, until the server closes it; throws `timedOut` when it does not.
    package func waitForClose(withinMilliseconds limit: UInt32 = 5000) throws(ClientError) {
        let deadline = ClientSocket.now.adding(milliseconds: limit)
        while try !link.receive(until: deadline).isEmpty {}
    }

    /// Makes the end of this client reset its stream instead of closing it.
    package func resetOnClose() { link.resetOnClose() }

    private func receiveMessage(until deadline: Instant) throws(ClientError) -> [UInt8]? {
        do throws(ClientError) {
            while true {
                if session.isStream {
                    if let frame = try nextFrame() { return Array(frame.bytes[..<frame.content]) }
                    try readStream(until: deadline)
                } else {
                    return try link.receive(until: deadline)
                }
            }
        } catch .timedOut {
            return nil
        }
    }

    private func readStream(until deadline: Instant) throws(ClientError) {
        let bytes = try link.receive(until: deadline)
        if bytes.isEmpty { throw .closed }
        stream += bytes
    }

    /// Takes the first frame out of the stream, of which the first `content` bytes are the message and the rest padding.
    private func nextFrame() throws(ClientError) -> (bytes: [UInt8], content: Int)? {
        switch StreamFrame(stream.span) {
        case .incomplete: return nil
        case .invalid: throw .brokenStream
        case .complete(let content, let total):
            defer { stream.removeFirst(total) }
            return (Array(stream[..<total]), content)
        }
    }
}
