internal import COpenSSL

// The wire as OpenSSL sees it: a BIO that reads the input and writes the output. Its functions run only inside a call to a
// session, which keeps the wire alive.

extension TLSWire {
    private nonisolated(unsafe) static let method: OpaquePointer? = unsafe makeMethod()

    /// A BIO on this wire, for one session.
    func makeBIO() -> OpaquePointer? {
        guard let method = unsafe Self.method, let bio = unsafe BIO_new(method) else { return nil }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        unsafe BIO_set_init(bio, 1)
        return unsafe bio
    }

    private static func makeMethod() -> OpaquePointer? {
        let method = unsafe BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire")
        unsafe BIO_meth_set_read(method) { bio, destination, capacity in
            guard let bio = unsafe bio, let destination = unsafe destination, capacity > 0 else { return 0 }
            let count = unsafe TLSWire.at(bio)?.take(into: destination, capacity: Int(capacity)) ?? 0
            if count > 0 { return CInt(count) }
            unsafe copenssl_bio_set_retry_read(bio)
            return -1
        }
        unsafe BIO_meth_set_write(method) { bio, source, count in
            guard let bio = unsafe bio, let source = unsafe source, count > 0 else { return 0 }
            unsafe TLSWire.at(bio)?.put(source, count: Int(count))
            return count
        }
        unsafe BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return unsafe method
    }

    /// The wire that a BIO belongs to.
    @unsafe
    static func at(_ bio: OpaquePointer) -> TLSWire? {
        unsafe BIO_get_data(bio).map { unsafe Unmanaged<TLSWire>.fromOpaque($0).takeUnretainedValue() }
    }
}
