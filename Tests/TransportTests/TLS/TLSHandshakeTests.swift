import COpenSSL
import TestCertificate
import Testing
import Transport

/// F09, F10: versions, ciphers, protocols, certificates.
struct TLSHandshakeTests {
    private static func context(
        _ certificate: TestCertificate, _ choose: (inout TLSSettings) -> Void = { _ in }
    ) throws(TLSError) -> TLSContext {
        var settings = TLSSettings(certificateFile: certificate.certificateFile, keyFile: certificate.keyFile)
        choose(&settings)
        return try TLSContext(settings)
    }

    @Test("F09: TLS 1.2 and 1.3 are spoken", arguments: [(TLS1_2_VERSION, "TLSv1.2"), (TLS1_3_VERSION, "TLSv1.3")])
    func speaksVersionsInUse(version: CInt, name: String) throws {
        let certificate = try TestCertificate()
        let peer = try TLSPeer(Self.context(certificate), TLSPeer.Choices(versions: version...version))
        #expect(peer.shakeHands())
        #expect(peer.session.version == name)
    }

    @Test(
        "A certificate tells whether DTLS clients can be shown it",
        arguments: [("EC", true), ("RSA", true), ("ED25519", false)])
    func kinds(kind: String, servesDTLS: Bool) throws {
        let certificate = try #require(try Self.context(TestCertificate(kind)).certificate)
        #expect(certificate.keyKind == kind)
        #expect(certificate.servesDTLS == servesDTLS)
    }

    @Test("F09: TLS 1.0 and 1.1 are refused", arguments: [TLS1_VERSION, TLS1_1_VERSION])
    func refusesOldVersions(version: CInt) throws {
        let peer = try TLSPeer(Self.context(TestCertificate()), TLSPeer.Choices(versions: version...version))
        #expect(!peer.shakeHands())
        #expect(peer.failure == "unsupported protocol")
        #expect(!peer.session.isEstablished)
    }

    @Test("F09: TLS 1.2 is refused on demand")
    func refusesTLS12OnDemand() throws {
        let context = try Self.context(TestCertificate()) { $0.requiresTLS13 = true }
        #expect(try !TLSPeer(context, TLSPeer.Choices(versions: TLS1_2_VERSION...TLS1_2_VERSION)).shakeHands())
        #expect(try TLSPeer(context).shakeHands())
    }

    @Test(
        "F09: the ciphers that RFC 8489 demands are there",
        arguments: ["ECDHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256"])
    func knowsCiphersThatMustBe(cipher: String) throws {
        let context = try Self.context(TestCertificate("RSA"))
        let choices = TLSPeer.Choices(versions: TLS1_2_VERSION...TLS1_2_VERSION, ciphers: cipher)
        let peer = try TLSPeer(context, choices)
        #expect(peer.shakeHands())
        #expect(peer.session.cipher == cipher)
    }

    @Test(
        "F09: ciphers without forward secrecy or authentication are refused",
        arguments: ["AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "NULL-SHA256:@SECLEVEL=0"])
    func refusesCiphersWithoutForwardSecrecyOrAuthentication(cipher: String) throws {
        let context = try Self.context(TestCertificate("RSA"))
        let peer = try TLSPeer(context, TLSPeer.Choices(versions: TLS1_2_VERSION...TLS1_2_VERSION, ciphers: cipher))
        #expect(!peer.shakeHands())
        #expect(peer.failure == "no shared cipher")
    }

    @Test("F09: renegotiation is refused")
    func refusesRenegotiation() throws {
        let choices = TLSPeer.Choices(versions: TLS1_2_VERSION...TLS1_2_VERSION)
        let peer = try TLSPeer(Self.context(TestCertificate()), choices)
        #expect(peer.shakeHands())
        peer.renegotiate()
        #expect(!peer.connect())
        peer.exchange()
        #expect(!peer.connect())
        #expect(peer.takeReceived().isEmpty)
    }

    @Test("F09: sessions are resumed by tickets")
    func resumesSessions() throws {
        let context = try Self.context(TestCertificate())
        for version in [TLS1_2_VERSION, TLS1_3_VERSION] {
            let first = try TLSPeer(context, TLSPeer.Choices(versions: version...version))
            #expect(first.shakeHands() && !first.isResumed)
            // The ticket of TLS 1.3 comes after the handshake.
            #expect(first.read() == nil)
            let choices = TLSPeer.Choices(versions: version...version, ticket: first.ticket)
            let second = try TLSPeer(context, choices)
            #expect(second.shakeHands() && second.isResumed)
        }
    }

    // MARK: - ALPN

    private static let offers: [([String], String?)] = [
        (["stun.turn"], "stun.turn"), (["stun.nat-discovery"], "stun.nat-discovery"), ([], nil),
        (["stun.nat-discovery", "stun.turn"], "stun.turn"), (["h2", "stun.turn"], "stun.turn"), (["h2"], nil),
        (["stun.turns", "stun.tur", "http/1.1"], nil),
    ]

    @Test("F10: of the protocols offered only those of RFC 7443 are chosen", arguments: offers)
    func choosesAmongTheProtocolsOffered(offered: [String], chosen: String?) throws {
        let peer = try TLSPeer(Self.context(TestCertificate()), TLSPeer.Choices(protocols: offered))
        #expect(peer.shakeHands())
        #expect(peer.chosenProtocol == chosen)
    }

    @Test("F10: foreign protocols alone are refused on demand")
    func refusesForeignProtocolsOnDemand() throws {
        let context = try Self.context(TestCertificate()) { $0.refusesForeignProtocols = true }
        #expect(try TLSPeer(context).shakeHands())
        #expect(try TLSPeer(context, TLSPeer.Choices(protocols: ["h2", "stun.turn"])).shakeHands())
        let peer = try TLSPeer(context, TLSPeer.Choices(protocols: ["h2", "http/1.1"]))
        #expect(!peer.shakeHands())
        #expect(peer.failure == "no application protocol")
    }

    // MARK: - Certificates

    @Test func clientsShowCertificatesWhereAuthoritiesAreNamed() throws {
        let known = try TestCertificate()
        let context = try Self.context(TestCertificate()) { $0.authorityFile = known.certificateFile }
        #expect(try TLSPeer(context, TLSPeer.Choices(certificate: known)).shakeHands())
        #expect(try !TLSPeer(context).shakeHands())
        #expect(try !TLSPeer(context, TLSPeer.Choices(certificate: TestCertificate())).shakeHands())
    }

    @Test func curveIsTheOneNamed() throws {
        let context = try Self.context(TestCertificate()) { $0.curveNames = "prime256v1" }
        #expect(try TLSPeer(context, TLSPeer.Choices(groups: "P-256")).shakeHands())
        #expect(try !TLSPeer(context, TLSPeer.Choices(groups: "X25519")).shakeHands())
    }

    @Test func encryptedKeyNeedsItsPassword() throws {
        let certificate = try TestCertificate("RSA", keyPassword: "sesame")
        #expect(try TLSPeer(Self.context(certificate) { $0.keyPassword = "sesame" }).shakeHands())
        for password in ["", "wrong"] {
            #expect(throws: TLSError.self) { try Self.context(certificate) { $0.keyPassword = password } }
        }
    }

    @Test func whatCannotBeUsedIsNamed() throws {
        let (one, other) = try (TestCertificate(), TestCertificate())
        func complaint(_ choose: (inout TLSSettings) -> Void) -> String? {
            do throws(TLSError) {
                _ = try Self.context(one, choose)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(complaint { $0.certificateFile = "/nowhere" }?.contains("/nowhere: No such file") == true)
        #expect(complaint { $0.certificateFile = one.keyFile }?.hasPrefix("cannot read the certificate") == true)
        #expect(complaint { $0.keyFile = one.certificateFile }?.hasPrefix("cannot read the private key") == true)
        #expect(complaint { $0.keyFile = other.keyFile }?.hasSuffix("key values mismatch") == true)
        #expect(complaint { $0.authorityFile = "/nowhere" }?.hasPrefix("cannot read the authorities") == true)
        #expect(complaint { $0.cipherList = "nonsense" }?.hasPrefix("cannot use the ciphers nonsense") == true)
        #expect(complaint { $0.curveNames = "nonsense" }?.hasPrefix("cannot use the curve nonsense") == true)
    }
}
