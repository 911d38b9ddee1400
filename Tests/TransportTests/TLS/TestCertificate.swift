import COpenSSL
import Glibc
import Testing

/// A certificate that vouches for itself and its key, in two files that go with the value.
final class TestCertificate {
    let certificateFile: String
    let keyFile: String
    private let directory: String

    /// Makes a key of an algorithm, and a certificate for `localhost` with that key.
    init(_ algorithm: String = "ED25519", keyPassword: String? = nil) throws {
        var template = Array("/tmp/culvert-tls-XXXXXX\0".utf8CString)
        directory = unsafe String(cString: try #require(mkdtemp(&template)))
        certificateFile = directory + "/cert.pem"
        keyFile = directory + "/key.pem"
        let key = try unsafe Self.makeKey(algorithm)
        defer { unsafe EVP_PKEY_free(key) }
        try unsafe writeCertificate(with: key, digest: algorithm == "ED25519" ? nil : EVP_sha256())
        try unsafe writeKey(key, password: keyPassword)
    }

    deinit {
        for path in [certificateFile, keyFile] { _ = unsafe unlink(path) }
        _ = unsafe rmdir(directory)
    }

    private static func makeKey(_ algorithm: String) throws -> OpaquePointer {
        let context = try unsafe #require(EVP_PKEY_CTX_new_from_name(nil, algorithm, nil))
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        try #require(unsafe EVP_PKEY_keygen_init(context) == 1 && EVP_PKEY_generate(context, &key) == 1)
        return try unsafe #require(key)
    }

    private func writeCertificate(with key: OpaquePointer, digest: OpaquePointer?) throws {
        let certificate = try unsafe #require(X509_new())
        defer { unsafe X509_free(certificate) }
        _ = unsafe X509_set_version(certificate, 2)
        _ = unsafe ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int(getpid()))
        _ = unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), 0)
        _ = unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), 3600)
        _ = unsafe X509_set_pubkey(certificate, key)
        let name = unsafe X509_get_subject_name(certificate)
        _ = unsafe X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, "localhost", -1, -1, 0)
        _ = unsafe X509_set_issuer_name(certificate, name)
        try #require(unsafe X509_sign(certificate, key, digest) > 0)
        let file = try unsafe #require(BIO_new_file(certificateFile, "w"))
        defer { unsafe BIO_free(file) }
        try #require(unsafe PEM_write_bio_X509(file, certificate) == 1)
    }

    private func writeKey(_ key: OpaquePointer, password: String?) throws {
        let file = try unsafe #require(BIO_new_file(keyFile, "w"))
        defer { unsafe BIO_free(file) }
        let cipher = unsafe password == nil ? nil : EVP_aes_128_cbc()
        let password = Array((password ?? "").utf8CString)
        let written = unsafe PEM_write_bio_PKCS8PrivateKey(
            file, key, cipher, password, CInt(password.count - 1), nil, nil)
        try #require(written == 1)
    }
}
