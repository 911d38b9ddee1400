extension SettingsTable {
    /// TLS and DTLS.
    static let tls = SettingSection("TLS", "TLS and DTLS between clients and the server.") {
        Setting.notBuilt("cert", .path, "Certificate chain, PEM.")
        Setting.notBuilt("pkey", .path, "Private key, PEM.")
        Setting.notBuilt("pkey-pwd", .text("<password>").secret, "Password of the private key.")
        Setting.notBuilt("CA-file", .path, "Authorities whose certificates clients must show.")
        Setting.notBuilt("cipher-list", .text("<ciphers>"), "Ciphers, as OpenSSL lists them.")
        Setting.notBuilt("ec-curve-name", .text("<name>"), "Elliptic curve.")
        Setting.notBuilt("dh-file", .path, "Diffie-Hellman parameters, PEM.")
        Setting.notBuilt("no-tlsv1_2", .flag, "TLS 1.3 only.")
        Setting.notBuilt("raw-public-keys", .flag, "Raw public keys instead of certificates (RFC 7250).")
        Setting.notBuilt("acme-redirect", .text("<url>"), "Where to send ACME challenges.")
        Setting.always("no-sslv2", .flag, "SSL 2 is never spoken.")
        Setting.always("no-sslv3", .flag, "SSL 3 is never spoken.")
        Setting.always("no-tlsv1", .flag, "TLS 1.0 is never spoken.")
        Setting.always("no-tlsv1_1", .flag, "TLS 1.1 is never spoken.")
        Setting.noEffect("tlsv1", .flag, "TLS 1.0 is never spoken.")
        Setting.noEffect("tlsv1_1", .flag, "TLS 1.1 is never spoken.")
        Setting.noEffect("dh566", .flag, "Short Diffie-Hellman parameters are never used.")
        Setting.noEffect("dh1066", .flag, "Short Diffie-Hellman parameters are never used.")
        Setting.always("dh2066", .flag, "Diffie-Hellman parameters of 2048 bits and more are OpenSSL's own choice.")
    }
}
