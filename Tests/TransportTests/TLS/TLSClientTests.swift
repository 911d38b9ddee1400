import TestCertificate
import Testing
import Transport

/// A client session of ours and a server session of ours, with nothing between them but their wires.
struct TLSClientTests {
    private let certificate: TestCertificate

    init() throws { certificate = try TestCertificate() }

    private func pair(
        _ carrier: TLSWire.Carrier, to name: String = "localhost", _ settings: TLSClientSettings? = nil
    ) throws -> TLSPair {
        try TLSPair(
            carrier, certificate, name: name,
            settings ?? TLSClientSettings(authorityFile: certificate.certificateFile))
    }

    @Test(
        "A client believes a server whose certificate bears the name or the address",
        arguments: [
            ("localhost", TLSWire.Carrier.stream), ("127.0.0.1", .stream), ("::1", .stream), ("localhost", .datagrams),
            ("127.0.0.1", .datagrams),
        ])
    func believes(name: String, carrier: TLSWire.Carrier) throws {
        let pair = try pair(carrier, to: name)
        pair.talk()
        #expect(pair.client.isEstablished && pair.server.isEstablished, "\(pair.failures)")
        #expect(pair.client.version == (carrier == .stream ? "TLSv1.3" : "DTLSv1.2"))
        #expect(pair.client.applicationProtocol == "stun.turn")

        pair.write(toServer: [1, 2, 3], toClient: [4, 5])
        pair.talk()
        #expect(pair.received.atServer == [1, 2, 3])
        #expect(pair.received.atClient == [4, 5])
    }

    @Test(
        "A client refuses a server with another name, and one that nobody vouches for",
        arguments: [
            TLSWire.Carrier.stream, .datagrams,
        ])
    func refuses(carrier: TLSWire.Carrier) throws {
        let stranger = try TestCertificate()
        let doubts = [
            ("turn.example.org", TLSClientSettings(authorityFile: certificate.certificateFile)),
            ("127.0.0.2", TLSClientSettings(authorityFile: certificate.certificateFile)),
            ("localhost", TLSClientSettings(authorityFile: stranger.certificateFile)),
            ("localhost", TLSClientSettings()),
        ]
        for (name, settings) in doubts {
            let pair = try pair(carrier, to: name, settings)
            pair.talk()
            #expect(!pair.client.isEstablished)
            #expect(pair.failures.contains { $0.hasSuffix("certificate verify failed") }, "\(pair.failures)")
        }
    }

    @Test("A client that is told to believes every server", arguments: [TLSWire.Carrier.stream, .datagrams])
    func believesAnybody(carrier: TLSWire.Carrier) throws {
        var settings = TLSClientSettings()
        settings.verifiesServer = false
        let pair = try pair(carrier, to: "turn.example.org", settings)
        pair.talk()
        #expect(pair.client.isEstablished && pair.server.isEstablished)
    }

    @Test("A client hears of the end of the session", arguments: [TLSWire.Carrier.stream, .datagrams])
    func hearsTheEnd(carrier: TLSWire.Carrier) throws {
        let pair = try pair(carrier)
        pair.talk()
        pair.server.close()
        pair.talk()
        #expect(pair.isClosedAtClient)
    }

    @Test("Authorities that cannot be read are named")
    func namesWhatCannotBeRead() {
        let settings = TLSClientSettings(authorityFile: "/nowhere.pem")
        do throws(TLSError) {
            _ = try TLSContext(client: settings)
            Issue.record("made a context of nothing")
        } catch {
            #expect(error.description.hasPrefix("cannot read the authorities /nowhere.pem"))
        }
    }
}
