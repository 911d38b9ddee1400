import Addressing
import Timing
import Transport

/// A blocking client's way to its server: a socket, and over TLS and DTLS a session on it.
final class ClientLink {
    let transport: ClientTransport
    let trust: ServerTrust
    private let server: TransportAddress
    private let socket: ClientSocket
    private let channel: SecureChannel?
    /// What was decrypted and not taken yet.
    private var pieces: [[UInt8]] = []

    /// Connects, and shakes hands where the transport asks for it.
    init(
        _ transport: ClientTransport, to server: TransportAddress, from local: TransportAddress?, trust: ServerTrust,
        receiveBufferByteCount: Int? = nil
    ) throws(ClientError) {
        (self.transport, self.trust, self.server) = (transport, trust, server)
        let deadline = ClientSocket.now.adding(seconds: 5)
        socket = try ClientSocket(
            transport.isStream ? .stream : .datagram, bind: local ?? TransportAddress(.any(server.family), port: 0),
            receiveBufferByteCount: receiveBufferByteCount)
        let name = trust.serverName ?? "\(server.ip)"
        channel = transport.isSecure ? try SecureChannel(transport, to: name, trust.settings) : nil
        if transport.isStream { try socket.connect(to: server, until: deadline) }
        if let channel { try shakeHands(channel, until: deadline) }
    }

    deinit {
        guard let channel else { return }
        channel.close()
        // Who does not read now is told by the end of the connection, or by its silence.
        for piece in channel.takeOutput() { try? socket.send(piece, to: server, until: ClientSocket.now) }
    }

    private func shakeHands(_ channel: SecureChannel, until deadline: Instant) throws(ClientError) {
        try flush(channel, until: deadline)
        while !channel.isEstablished {
            // A flight may be lost; how long to wait for it is the session's to know, which is asked four times a second.
            let pause = min(deadline, ClientSocket.now.adding(milliseconds: 250))
            do throws(ClientError) {
                try readRecords(channel, until: transport.isStream ? deadline : pause)
            } catch .timedOut where ClientSocket.now < deadline {
                try channel.retransmit()
            }
            try flush(channel, until: deadline)
        }
    }

    // MARK: - Addresses and agreements

    var localAddress: TransportAddress { socket.localAddress }
    var applicationProtocol: String? { channel?.applicationProtocol }

    /// Makes closing a stream send RST instead of FIN.
    func resetOnClose() { socket.resetOnClose() }

    // MARK: - Bytes

    /// Sends a datagram, or a piece of the stream.
    func send(_ bytes: [UInt8], until deadline: Instant) throws(ClientError) {
        guard let channel else { return try socket.send(bytes, to: server, until: deadline) }
        try channel.send(bytes)
        try flush(channel, until: deadline)
    }

    /// A message from the server's address, or what has come of the stream; no bytes at the end of it.
    func receive(until deadline: Instant) throws(ClientError) -> [UInt8] {
        guard let channel else { return try receiveFromServer(until: deadline) }
        do throws(ClientError) {
            while pieces.isEmpty {
                try readRecords(channel, until: deadline)
                try flush(channel, until: deadline)
            }
        } catch .closed where transport.isStream {
            return []
        }
        return pieces.removeFirst()
    }

    private func readRecords(_ channel: SecureChannel, until deadline: Instant) throws(ClientError) {
        let ciphertext = try receiveFromServer(until: deadline)
        if ciphertext.isEmpty, transport.isStream { throw .closed }
        do throws(ClientError) {
            pieces += try channel.receive(ciphertext)
        } catch {
            // An alert tells the server why the session is over.
            try? flush(channel, until: deadline)
            throw error
        }
    }

    private func receiveFromServer(until deadline: Instant) throws(ClientError) -> [UInt8] {
        while true {
            let (bytes, source) = try socket.receive(until: deadline)
            if transport.isStream || source == server { return bytes }
        }
    }

    private func flush(_ channel: SecureChannel, until deadline: Instant) throws(ClientError) {
        for piece in channel.takeOutput() { try socket.send(piece, to: server, until: deadline) }
    }
}
