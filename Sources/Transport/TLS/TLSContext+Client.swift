internal import COpenSSL

extension TLSContext {
    /// The client's side: TLS 1.2 and later, the ciphers of RFC 9325, and `stun.turn` by ALPN (RFC 7443).
    package convenience init(
        client settings: TLSClientSettings, over carrier: TLSWire.Carrier = .stream
    ) throws(TLSError) {
        try unsafe self.init(carrier == .stream ? TLS_client_method() : DTLS_client_method(), over: carrier)
        setUpCarrier(requiringTLS13: false)
        let protocols = [UInt8(Self.turnProtocol.count)] + Self.turnProtocol
        // SSL_CTX_set_alpn_protos alone returns 0 for success.
        guard unsafe SSL_CTX_set_cipher_list(handle, TLSSettings.defaultCipherList) == 1,
            unsafe SSL_CTX_set_alpn_protos(handle, protocols, UInt32(protocols.count)) == 0
        else { throw .last("set up a TLS client") }
        if settings.verifiesServer { try verifyServers(by: settings.authorityFile) }
    }

    private func verifyServers(by authorityFile: String?) throws(TLSError) {
        if let authorityFile {
            guard unsafe SSL_CTX_load_verify_locations(handle, authorityFile, nil) == 1 else {
                throw .last("read the authorities \(authorityFile)")
            }
        } else if unsafe SSL_CTX_set_default_verify_paths(handle) != 1 {
            throw .last("read the authorities of the system")
        }
        unsafe SSL_CTX_set_verify(handle, SSL_VERIFY_PEER, nil)
    }
}

extension TLSSession {
    /// A client's session with a server of a name or an address, whose certificate must bear it if the context verifies;
    /// nil when there is no memory for it, or the name is none. The first `read`, of an empty wire, puts the hello on it.
    package convenience init?(connectingTo server: String, _ context: TLSContext, wire: TLSWire) {
        self.init(of: context, wire: wire)
        unsafe SSL_set_connect_state(handle)
        let parameters = unsafe SSL_get0_param(handle)
        if unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, server) == 1 { return }
        // Only names are told to the server, never addresses (RFC 6066 §3).
        guard unsafe SSL_set1_host(handle, server) == 1, unsafe copenssl_set_server_name(handle, server) == 1 else {
            return nil
        }
    }

    /// The protocol that ALPN led to, such as `stun.turn`; nil when the server chose none.
    package var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        unsafe SSL_get0_alpn_selected(handle, &name, &count)
        let bytes = unsafe UnsafeBufferPointer(start: name, count: Int(count))
        return unsafe bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
