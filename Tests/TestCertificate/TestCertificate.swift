internal import COpenSSL
import Glibc

/// A certificate that vouches for itself and its key, in two files that go with the value.
package final class TestCertificate {
    /// What could not be done.
    package struct Failure: Error {
        let action: String
    }

    /// The certificate, PEM.
    package let certificateFile: String
    /// Its private key, PEM.
    package let keyFile: String
    private let directory: String

    /// Makes a key of an algorithm, and a certificate for `localhost`, 127.0.0.1 and ::1 with that key.
    package init(_ algorithm: String = "EC", keyPassword: String? = nil) throws(Failure) {
        var template = Array("/tmp/culvert-tls-XXXXXX\0".utf8CString)
        directory = try unsafe String(cString: Self.found("make a directory", mkdtemp(&template)))
        certificateFile = directory + "/cert.pem"
        keyFile = directory + "/key.pem"
        let key = try unsafe Self.makeKey(algorithm)
        defer { unsafe EVP_PKEY_free(key) }
        // Ed25519 has its own hash.
        try unsafe writeCertificate(with: key, digest: algorithm == "ED25519" ? nil : EVP_sha256())
        try unsafe writeKey(key, password: keyPassword)
    }

    deinit {
        for path in [certificateFile, keyFile] { _ = unsafe unlink(path) }
        _ = unsafe rmdir(directory)
    }

    private static func makeKey(_ algorithm: String) throws(Failure) -> OpaquePointer {
        let context = try unsafe found("know \(algorithm)", EVP_PKEY_CTX_new_from_name(nil, algorithm, nil))
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        try check("make a key", unsafe EVP_PKEY_keygen_init(context) == 1)
        if algorithm == "EC" { try check("choose a curve", unsafe EVP_PKEY_CTX_set_group_name(context, "P-256") == 1) }
        try check("make a key", unsafe EVP_PKEY_generate(context, &key) == 1)
        return try unsafe found("make a key", key)
    }

    private func writeCertificate(with key: OpaquePointer, digest: OpaquePointer?) throws(Failure) {
        let certificate = try unsafe Self.found("make a certificate", X509_new())
        defer { unsafe X509_free(certificate) }
        _ = unsafe X509_set_version(certificate, 2)
        _ = unsafe ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int(getpid()))
        _ = unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), 0)
        _ = unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), 3600)
        _ = unsafe X509_set_pubkey(certificate, key)
        let name = unsafe X509_get_subject_name(certificate)
        _ = unsafe X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, "localhost", -1, -1, 0)
        _ = unsafe X509_set_issuer_name(certificate, name)
        let names = "DNS:localhost,IP:127.0.0.1,IP:::1"
        let extra = try unsafe Self.found("name it", X509V3_EXT_conf_nid(nil, nil, NID_subject_alt_name, names))
        defer { unsafe X509_EXTENSION_free(extra) }
        try Self.check("name it", unsafe X509_add_ext(certificate, extra, -1) == 1)
        try Self.check("sign it", unsafe X509_sign(certificate, key, digest) > 0)
        let file = try unsafe Self.found("open \(certificateFile)", BIO_new_file(certificateFile, "w"))
        defer { unsafe BIO_free(file) }
        try Self.check("write \(certificateFile)", unsafe PEM_write_bio_X509(file, certificate) == 1)
    }

    private func writeKey(_ key: OpaquePointer, password: String?) throws(Failure) {
        let file = try unsafe Self.found("open \(keyFile)", BIO_new_file(keyFile, "w"))
        defer { unsafe BIO_free(file) }
        let cipher = unsafe password == nil ? nil : EVP_aes_128_cbc()
        let password = Array((password ?? "").utf8CString)
        let written = unsafe PEM_write_bio_PKCS8PrivateKey(
            file, key, cipher, password, CInt(password.count - 1), nil, nil)
        try Self.check("write \(keyFile)", written == 1)
    }

    private static func found<Value>(_ action: String, _ value: Value?) throws(Failure) -> Value {
        guard let value else { throw Failure(action: action) }
        return value
    }

    private static func check(_ action: String, _ isDone: Bool) throws(Failure) {
        if !isDone { throw Failure(action: action) }
    }
}
