internal import COpenSSL

/// One side of every TLS connection that begins while it is in use. The server's: certificate, key, versions, ciphers, and
/// the keys of session tickets; the client's is in `TLSContext+Client`. A connection keeps the context it began with, so a
/// new one disturbs nobody.
///
/// All workers share one, so that a ticket given by one worker is good with another. OpenSSL only reads it after it was
/// made, but for counters that are atomic.
@safe
package final class TLSContext: Sendable {
    nonisolated(unsafe) let handle: OpaquePointer
    /// Whether its sessions are of TLS or of DTLS.
    let carrier: TLSWire.Carrier

    /// A context with nothing but OpenSSL's defaults.
    init(_ method: OpaquePointer?, over carrier: TLSWire.Carrier) throws(TLSError) {
        ERR_clear_error()
        guard let context = unsafe SSL_CTX_new(method) else { throw .last("make a TLS context") }
        unsafe handle = context
        self.carrier = carrier
    }

    /// The server's side. Reads the files of `settings`.
    package convenience init(_ settings: TLSSettings, over carrier: TLSWire.Carrier = .stream) throws(TLSError) {
        try unsafe self.init(carrier == .stream ? TLS_server_method() : DTLS_server_method(), over: carrier)
        setUp(settings)
        try useCertificate(of: settings)
        try useChoices(of: settings)
        if let authorityFile = settings.authorityFile { try demandCertificates(from: authorityFile) }
    }

    deinit {
        unsafe SSL_CTX_free(handle)
    }

    private func setUp(_ settings: TLSSettings) {
        setUpCarrier(requiringTLS13: settings.requiresTLS13)
        _ = unsafe SSL_CTX_set_options(handle, copenssl_server_options)
        if carrier == .datagrams {
            _ = unsafe SSL_CTX_set_options(handle, copenssl_cookie_option)
            useCookies()
        }
        // Sessions are resumed by tickets, which the client keeps; nothing is kept here.
        _ = unsafe copenssl_ctx_set_session_cache_mode(handle, Int(SSL_SESS_CACHE_OFF))
        _ = unsafe SSL_CTX_set_session_id_context(handle, "turn", 4)
        _ = unsafe SSL_CTX_set_num_tickets(handle, 1)
        _ = unsafe copenssl_ctx_set_automatic_dh(handle)
        _ = unsafe copenssl_ctx_set_max_cert_list(handle, TLSSession.handshakeByteLimit)
        chooseProtocols(refusingForeignOnes: settings.refusesForeignProtocols)
    }

    /// What both sides want of what lies under their sessions.
    func setUpCarrier(requiringTLS13: Bool) {
        let minimum = requiringTLS13 ? TLS1_3_VERSION : TLS1_2_VERSION
        _ = unsafe copenssl_ctx_set_minimum_version(handle, carrier == .stream ? minimum : DTLS1_2_VERSION)
        _ = unsafe SSL_CTX_set_options(
            handle, carrier == .stream ? copenssl_stream_options : copenssl_datagram_options)
        // Ten thousand idle connections are not to keep ten thousand pairs of buffers.
        _ = unsafe copenssl_ctx_set_mode(handle, Int(SSL_MODE_RELEASE_BUFFERS))
    }

    private func useCertificate(of settings: TLSSettings) throws(TLSError) {
        guard unsafe SSL_CTX_use_certificate_chain_file(handle, settings.certificateFile) == 1 else {
            throw .last("read the certificate \(settings.certificateFile)")
        }
        // OpenSSL copies a password from where this points, and asks at the terminal if it points nowhere.
        let loaded = unsafe settings.keyPassword.withCString { password in
            unsafe SSL_CTX_set_default_passwd_cb_userdata(handle, UnsafeMutableRawPointer(mutating: password))
            defer { unsafe SSL_CTX_set_default_passwd_cb_userdata(handle, nil) }
            return unsafe SSL_CTX_use_PrivateKey_file(handle, settings.keyFile, SSL_FILETYPE_PEM)
        }
        guard loaded == 1 else { throw .last("read the private key \(settings.keyFile)") }
        guard unsafe SSL_CTX_check_private_key(handle) == 1 else {
            throw .last("use the private key \(settings.keyFile) with the certificate \(settings.certificateFile)")
        }
    }

    private func useChoices(of settings: TLSSettings) throws(TLSError) {
        let ciphers = settings.cipherList ?? TLSSettings.defaultCipherList
        guard unsafe SSL_CTX_set_cipher_list(handle, ciphers) == 1 else { throw .last("use the ciphers \(ciphers)") }
        guard let curves = settings.curveNames else { return }
        guard unsafe copenssl_ctx_set_groups(handle, curves) == 1 else { throw .last("use the curve \(curves)") }
    }

    private func demandCertificates(from authorityFile: String) throws(TLSError) {
        guard unsafe SSL_CTX_load_verify_locations(handle, authorityFile, nil) == 1,
            let names = unsafe SSL_load_client_CA_file(authorityFile)
        else { throw .last("read the authorities \(authorityFile)") }
        unsafe SSL_CTX_set_client_CA_list(handle, names)
        unsafe SSL_CTX_set_verify(handle, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }
}
