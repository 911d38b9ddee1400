internal import COpenSSL
import Glibc

extension TLSContext {
    /// What a certificate says that its owner must keep an eye on.
    package struct Certificate: Sendable, Equatable {
        /// Whose it is.
        package let subject: String
        /// The last second, since 1970-01-01 UTC, at which it is good.
        package let expiry: Int64
        /// The kind of its key, as OpenSSL calls it: `RSA`, `EC`, `ED25519`.
        package let keyKind: String

        /// Whether DTLS clients can be shown it: OpenSSL takes keys that sign without a hash of their choice for TLS alone.
        package var servesDTLS: Bool { !["ED25519", "ED448"].contains(keyKind) }
    }

    /// The certificate that clients are shown.
    package var certificate: Certificate? {
        guard let certificate = unsafe SSL_CTX_get0_certificate(handle) else { return nil }
        var time = unsafe tm()
        guard unsafe ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) == 1 else { return nil }
        var subject = [CChar](repeating: 0, count: 512)
        _ = unsafe X509_NAME_oneline(X509_get_subject_name(certificate), &subject, CInt(subject.count))
        let bytes = subject.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let kind = unsafe X509_get0_pubkey(certificate).flatMap { unsafe EVP_PKEY_get0_type_name($0) }
        return Certificate(
            subject: String(decoding: bytes, as: UTF8.self), expiry: Int64(unsafe timegm(&time)),
            keyKind: unsafe kind.map { unsafe String(cString: $0) } ?? "")
    }
}
