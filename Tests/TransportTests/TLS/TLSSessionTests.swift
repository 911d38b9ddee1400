import COpenSSL
import TestCertificate
import Testing
import Transport

/// What goes through an established session, and what strangers throw at one.
struct TLSSessionTests {
    private let context: TLSContext
    private let certificate: TestCertificate

    init() throws {
        certificate = try TestCertificate()
        context = try TLSContext(
            TLSSettings(certificateFile: certificate.certificateFile, keyFile: certificate.keyFile))
    }

    private func established(_ version: CInt = TLS1_3_VERSION) throws -> TLSPeer {
        let peer = try TLSPeer(context, TLSPeer.Choices(versions: version...version))
        try #require(peer.shakeHands())
        return peer
    }

    private func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) } }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func bytesPassBothWays(version: CInt) throws {
        let peer = try established(version)
        for count in [1, 4, 1200, 16_384, 65_000] {
            peer.write(pattern(count))
            peer.exchange()
            #expect(peer.takeReceived() == pattern(count))
            #expect(peer.send(pattern(count)))
            peer.deliverOutput()
            var back: [UInt8] = []
            while let bytes = peer.read() { back += bytes }
            #expect(back == pattern(count))
        }
        #expect(peer.isDrained && peer.wire.inputByteCount == 0)
    }

    /// P11: a hello byte by byte, and every record after it.
    @Test func ciphertextMayComeByteByByte() throws {
        let peer = try TLSPeer(context)
        for _ in 0..<8 where !peer.session.isEstablished {
            _ = peer.connect()
            for byte in peer.takeFromClient() { peer.deliver([byte]) }
        }
        #expect(peer.session.isEstablished)
        peer.write([1, 2, 3])
        for byte in peer.takeFromClient() { peer.deliver([byte]) }
        #expect(peer.takeReceived() == [1, 2, 3])
    }

    @Test func plaintextMayBeTakenInSmallPieces() throws {
        let peer = try established()
        peer.write(pattern(40_000))
        peer.deliver(peer.takeFromClient(), plaintextCapacity: 1000)
        #expect(peer.takeReceived() == pattern(40_000))
    }

    /// turnutils_uclient takes one message from a record and drops the rest.
    @Test func everyFrameIsARecordOfItsOwn() throws {
        let peer = try established()
        for byte in UInt8(0)..<3 { #expect(peer.send([byte, byte])) }
        peer.deliverOutput()
        #expect(peer.read() == [0, 0] && peer.read() == [1, 1] && peer.read() == [2, 2])
    }

    @Test func bothSidesCanEndASession() throws {
        let theirs = try established()
        theirs.write([7])
        theirs.close()
        theirs.exchange()
        #expect(theirs.takeReceived() == [7] && theirs.isClosedByClient)

        let ours = try established()
        ours.session.close()
        ours.deliverOutput()
        #expect(ours.read() == nil && ours.isClosed)
        #expect(!ours.send([1]))
    }

    @Test func nothingIsWrittenBeforeTheHandshakeIsDone() throws {
        let peer = try TLSPeer(context)
        #expect(!peer.send([1]))
        peer.session.close()
        #expect(peer.wire.outputByteCount == 0)
    }

    @Test func oneWireServesManySessions() throws {
        let peers = try (0..<3).map { _ in try established() }
        for (peer, byte) in zip(peers, UInt8(1)...) { peer.write([byte]) }
        for (peer, byte) in zip(peers, UInt8(1)...) {
            peer.exchange()
            #expect(peer.takeReceived() == [byte])
        }
    }

    // MARK: - Strangers

    @Test func damagedRecordEndsTheSession() throws {
        let peer = try established()
        peer.write([1, 2, 3])
        var record = peer.takeFromClient()
        record[record.count - 1] ^= 1
        peer.deliver(record)
        #expect(peer.failure != nil && peer.takeReceived().isEmpty)
        #expect(peer.sentByteCount > 0)
        #expect(!peer.send([1]))
        peer.deliver([1, 2, 3])
        #expect(peer.isClosedByClient)
    }

    @Test(arguments: [[0x16, 3, 1, 0, 0], [0x16], [0x17, 3, 3, 0xFF, 0xFF], [0x80, 0x46, 1, 3, 1]])
    func junkMakesNoSession(bytes: [UInt8]) throws {
        let peer = try TLSPeer(context)
        for _ in 0..<100 { peer.deliver(bytes) }
        #expect(!peer.session.isEstablished && peer.takeReceived().isEmpty)
    }

    @Test func endlessHelloIsGivenUp() throws {
        let peer = try TLSPeer(context)
        // The beginning of a hello of 16 MB, in records of 16 KB.
        peer.deliver([0x16, 3, 1, 0x40, 0, 1, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 16_380))
        for _ in 0..<8 { peer.deliver([0x16, 3, 1, 0x40, 0] + [UInt8](repeating: 0, count: 16_384)) }
        #expect(!peer.isDrained)
    }
}
