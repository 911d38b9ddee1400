import Configuration
import Glibc
import Timing
import Transport

extension Doctor {
    private static var secondsPerDay: Int64 { 86_400 }

    /// Certificate and key: whether they can be used, and until when.
    func examineCertificate() -> [Finding] {
        guard configuration.servesTLS || configuration.servesDTLS, let file = configuration.certificateFile,
            let key = configuration.keyFile
        else { return [] }
        var settings = TLSSettings(certificateFile: file, keyFile: key)
        settings.keyPassword = configuration.keyPassword ?? ""
        do throws(TLSError) {
            guard let certificate = try TLSContext(settings).certificate else {
                return [
                    .fault("certificate-unusable", "\(file) does not say until when it is good", cure: "get another")
                ]
            }
            return [expiry(of: certificate, file: file)]
        } catch {
            return [
                .fault(
                    "certificate-unusable", "\(error)",
                    cure: "write a certificate and the key that belongs to it, readable by the server's user")
            ]
        }
    }

    private func expiry(of certificate: TLSContext.Certificate, file: String) -> Finding {
        let left = certificate.expiry - SystemClock.moment().unixSeconds
        let days = left / Self.secondsPerDay
        if left <= 0 {
            return .fault(
                "certificate-expired", "\(file) has run out \(-days) days ago",
                cure: "renew it; the server takes up the new file by itself")
        }
        if days < 14 {
            return .warning(
                "certificate-expires", "\(file) runs out in \(days) days", cure: "see why it has not been renewed yet")
        }
        return .fine("certificate", "\(file) (\(certificate.subject)) is good for \(days) days")
    }
}
