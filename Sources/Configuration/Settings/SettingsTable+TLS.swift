extension SettingsTable {
    /// TLS and DTLS.
    static let tls = SettingSection("TLS", "TLS and DTLS between clients and the server.", reload: .live) {
        Setting(
            "cert", .path, sets: \.certificateFile, summary: "Certificate and its chain, PEM.",
            note: "Read again on SIGUSR2 and SIGHUP, and when the file changes; connections that stand keep the old "
                + "one. With proc-user, it and pkey must be readable for that user to be read again.",
            differs: .unset("coturn looks for turn_server_cert.pem in several places; here TLS needs cert and pkey."),
            reload: .liveWhileSet)
        Setting("pkey", .path, sets: \.keyFile, summary: "Private key of the certificate, PEM.", reload: .liveWhileSet)
        Setting(
            "pkey-pwd", .text("<password>").secret, sets: \.keyPassword, summary: "Password of the private key.")
        Setting(
            "CA-file", .path, sets: \.authorityFile, summary: "Authorities whose certificates clients must show.",
            note: "Browsers cannot show one to a TURN server.")
        Setting(
            "cipher-list", .text("<ciphers>"), sets: \.cipherList,
            default: "forward secrecy and authenticated encryption only (RFC 9325)",
            summary: "Ciphers of TLS 1.2, as OpenSSL lists them.",
            differs: .unset("coturn's default is OpenSSL's list, with ciphers that RFC 9325 advises against."))
        Setting(
            "ec-curve-name", .text("<name>"), sets: \.curveName, default: "OpenSSL's choice",
            summary: "Elliptic curve of the key exchange, by OpenSSL's name.")
        Setting("no-tlsv1_2", .flag, sets: \.noTLS12, summary: "TLS 1.3 only.")
        Setting(
            "strict-alpn", .flag, sets: \.strictALPN,
            summary: "Refuse TLS clients whose ALPN offers neither protocol of RFC 7443.",
            note: "Not in coturn. Clients that offer nothing, as browsers do, are welcome in any case.")
        Setting.notBuilt("raw-public-keys", .flag, "Raw public keys instead of certificates (RFC 7250).")
        Setting.notBuilt("acme-redirect", .text("<url>"), "Where to send ACME challenges.")
        Setting.noEffect("dh-file", .path, "OpenSSL's own Diffie-Hellman parameters fit the key.")
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
