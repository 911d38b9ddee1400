import STUN
import Transport

/// A client's session of TLS or DTLS for one connection, without I/O: plaintext on one side, on the other what the socket
/// carries.
final class SecureChannel {
    private let wire: TLSWire
    private let session: TLSSession

    /// A session whose hello waits to be taken.
    init(_ transport: ClientTransport, to server: String, _ settings: TLSClientSettings) throws(ClientError) {
        let carrier: TLSWire.Carrier = transport.isStream ? .stream : .datagrams
        wire = TLSWire(carrier)
        let context: TLSContext
        do throws(TLSError) {
            context = try TLSContext(client: settings, over: carrier)
        } catch {
            throw .notSecure(error.description)
        }
        guard let session = TLSSession(connectingTo: server, context, wire: wire) else {
            throw .notSecure("\(server) is no name of a server")
        }
        self.session = session
        _ = try receive([])
    }

    /// Whether the handshake is done.
    var isEstablished: Bool { session.isEstablished }
    /// What ALPN led to.
    var applicationProtocol: String? { session.applicationProtocol }

    /// Decrypts what has come, and gives the messages of DTLS one by one, or what there is of the stream. Throws
    /// `closed` at the end of the session.
    func receive(_ ciphertext: [UInt8]) throws(ClientError) -> [[UInt8]] {
        wire.load(ciphertext.span)
        var pieces: [[UInt8]] = []
        while true {
            var result = TLSSession.ReadResult.drained
            let piece = [UInt8](capacity: TLSWire.inputCapacity) { result = session.read(into: &$0) }
            if !piece.isEmpty { pieces.append(piece) }
            switch result {
            case .full: continue
            case .drained: return pieces
            case .closed where !pieces.isEmpty: return pieces
            case .closed: throw .closed
            case .failed(let error): throw .notSecure(error.description)
            }
        }
    }

    /// Encrypts a message, or a piece of the stream.
    func send(_ plaintext: [UInt8]) throws(ClientError) {
        guard session.write(plaintext.span) else { throw .closed }
    }

    /// Brings lost flights of the handshake out again, if it is time for that.
    func retransmit() throws(ClientError) {
        guard session.retransmit() else { throw .timedOut }
    }

    /// Ends the session.
    func close() { session.close() }

    /// What is to be sent, datagram by datagram.
    func takeOutput() -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        if session.isOverDatagrams {
            wire.takeDatagrams { pieces.append($0.copied()) }
        } else if wire.outputByteCount > 0 {
            wire.takeOutput { pieces.append($0.copied()) }
        }
        return pieces
    }
}
