import Configuration
import Transport

extension TLSSettings {
    /// What a configuration says about TLS and DTLS; nil when neither is to be spoken.
    init?(_ configuration: ServerConfiguration) {
        guard configuration.servesTLS || configuration.servesDTLS, let certificate = configuration.certificateFile,
            let key = configuration.keyFile
        else { return nil }
        self.init(certificateFile: certificate, keyFile: key)
        keyPassword = configuration.keyPassword ?? ""
        authorityFile = configuration.authorityFile
        cipherList = configuration.cipherList
        curveNames = configuration.curveName
        requiresTLS13 = configuration.noTLS12
        refusesForeignProtocols = configuration.strictALPN
    }
}
