import COpenSSL
import TestCertificate
import Testing
import Transport

/// A TLS client of OpenSSL's own making, with memory for a network, and a session of ours at the other end. What one side
/// writes is carried to the other by `exchange`.
@safe
final class TLSPeer {
    /// A session that may be taken up again.
    @safe
    final class Ticket {
        let handle: OpaquePointer

        init(_ handle: OpaquePointer) {
            unsafe self.handle = handle
        }

        deinit {
            unsafe SSL_SESSION_free(handle)
        }
    }

    /// What the client is to be.
    struct Choices {
        var versions = TLS1_2_VERSION...TLS1_3_VERSION
        var ciphers: String?
        var protocols: [String] = []
        var groups: String?
        var certificate: TestCertificate?
        var ticket: Ticket?
    }

    let wire = TLSWire()
    let session: TLSSession
    private let context: OpaquePointer
    private let client: OpaquePointer
    private let fromClient: OpaquePointer
    private let toClient: OpaquePointer

    /// Plaintext that came out of the session.
    private(set) var received: [UInt8] = []
    /// How the last reading of the session ended.
    private(set) var result = TLSSession.ReadResult.drained
    /// Why the session failed.
    private(set) var failure: String?
    /// Bytes that went over the network to the client.
    private(set) var sentByteCount = 0

    init(_ server: TLSContext, _ choices: Choices = Choices()) throws {
        session = try #require(TLSSession(server, wire: wire))
        unsafe context = try unsafe #require(SSL_CTX_new(TLS_client_method()))
        _ = unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(choices.versions.lowerBound), nil)
        _ = unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(choices.versions.upperBound), nil)
        let ciphers = choices.ciphers ?? "ALL:@SECLEVEL=0"
        try #require(unsafe SSL_CTX_set_cipher_list(context, ciphers) == 1)
        if let groups = choices.groups { try #require(unsafe copenssl_ctx_set_groups(context, groups) == 1) }
        if let certificate = choices.certificate {
            _ = unsafe SSL_CTX_use_certificate_file(context, certificate.certificateFile, SSL_FILETYPE_PEM)
            _ = unsafe SSL_CTX_use_PrivateKey_file(context, certificate.keyFile, SSL_FILETYPE_PEM)
        }
        let protocols = choices.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        _ = unsafe SSL_CTX_set_alpn_protos(context, protocols, UInt32(protocols.count))
        unsafe client = try unsafe #require(SSL_new(context))
        if let ticket = choices.ticket { _ = unsafe SSL_set_session(client, ticket.handle) }
        unsafe fromClient = try unsafe #require(BIO_new(BIO_s_mem()))
        unsafe toClient = try unsafe #require(BIO_new(BIO_s_mem()))
        unsafe SSL_set_bio(client, toClient, fromClient)
        unsafe SSL_set_connect_state(client)
    }

    deinit {
        unsafe SSL_free(client)
        unsafe SSL_CTX_free(context)
    }

    // MARK: - The client

    /// One step of the client's handshake; whether it is done.
    func connect() -> Bool {
        ERR_clear_error()
        return unsafe SSL_do_handshake(client) == 1
    }

    /// Both sides talk until the client's handshake is done, or nothing more can come of it; whether it is done.
    func shakeHands() -> Bool {
        for _ in 0..<8 {
            let isDone = connect()
            exchange()
            if isDone && session.isEstablished { return true }
        }
        return false
    }

    func write(_ bytes: [UInt8]) {
        #expect(unsafe SSL_write(client, bytes, CInt(bytes.count)) == CInt(bytes.count))
    }

    /// What the client reads; nil when there is nothing.
    func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 20_000)
        ERR_clear_error()
        let count = unsafe SSL_read(client, &bytes, CInt(bytes.count))
        return count > 0 ? Array(bytes[..<Int(count)]) : nil
    }

    /// Whether the client has been told that the session is over.
    var isClosed: Bool { unsafe SSL_get_shutdown(client) & SSL_RECEIVED_SHUTDOWN != 0 }
    var isResumed: Bool { unsafe SSL_session_reused(client) == 1 }
    var ticket: Ticket? { unsafe SSL_get1_session(client).map { unsafe Ticket($0) } }

    var chosenProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(client, &name, &count)
        let bytes = unsafe UnsafeBufferPointer(start: name, count: Int(count))
        return unsafe bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    func close() { _ = unsafe SSL_shutdown(client) }

    func renegotiate() { #expect(unsafe SSL_renegotiate(client) == 1) }

    /// Writes through the session of ours; whether it took the bytes.
    func send(_ bytes: [UInt8]) -> Bool { session.write(bytes.span) }

    // MARK: - The network

    /// What the client has sent.
    func takeFromClient() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: unsafe BIO_ctrl_pending(fromClient))
        let count = unsafe BIO_read(fromClient, &bytes, CInt(bytes.count))
        return Array(bytes.prefix(max(0, Int(count))))
    }

    /// Gives ciphertext to the session, and what it answers to the client.
    func deliver(_ ciphertext: [UInt8], plaintextCapacity: Int = 65_536) {
        wire.load(ciphertext.span)
        repeat {
            received += [UInt8](capacity: plaintextCapacity) { output in result = session.read(into: &output) }
        } while isFull
        if case .failed(let error) = result { failure = error.reason }
        deliverOutput()
    }

    /// Carries what either side has sent to the other.
    func exchange() { deliver(takeFromClient()) }

    /// Carries what the session has sent to the client.
    func deliverOutput() {
        sentByteCount += wire.outputByteCount
        wire.takeOutput { ciphertext in
            unsafe ciphertext.withUnsafeBufferPointer {
                _ = unsafe BIO_write(toClient, $0.baseAddress, CInt($0.count))
            }
        }
    }

    func takeReceived() -> [UInt8] {
        defer { received = [] }
        return received
    }

    private var isFull: Bool { if case .full = result { true } else { false } }
    var isDrained: Bool { if case .drained = result { true } else { false } }
    var isClosedByClient: Bool { if case .closed = result { true } else { false } }
}
