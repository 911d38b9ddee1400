import TestCertificate
import Testing
import Transport

/// Both ends of a session. What one side puts on its wire, `talk` carries to the other.
final class TLSPair {
    let client: TLSSession
    let server: TLSSession
    private let clientWire: TLSWire
    private let serverWire: TLSWire
    private let carrier: TLSWire.Carrier
    private var isProven: Bool

    /// Plaintext that came out.
    private(set) var received: (atClient: [UInt8], atServer: [UInt8]) = ([], [])
    /// What either side had to complain of.
    private(set) var failures: [String] = []
    private(set) var isClosedAtClient = false

    init(
        _ carrier: TLSWire.Carrier, _ certificate: TestCertificate, name: String, _ settings: TLSClientSettings
    ) throws {
        self.carrier = carrier
        (clientWire, serverWire) = (TLSWire(carrier), TLSWire(carrier))
        serverWire.clientName = [1]
        // Only over datagrams does a hello need a cookie.
        isProven = carrier == .stream
        let files = TLSSettings(certificateFile: certificate.certificateFile, keyFile: certificate.keyFile)
        server = try #require(TLSSession(TLSContext(files, over: carrier), wire: serverWire))
        client = try #require(
            TLSSession(connectingTo: name, TLSContext(client: settings, over: carrier), wire: clientWire))
        readAtClient()
    }

    /// Has both sides send.
    func write(toServer: [UInt8], toClient: [UInt8]) {
        let (up, down) = (client.write(toServer.span), server.write(toClient.span))
        #expect(up && down)
    }

    /// Carries everything, until nobody has anything to say.
    func talk() {
        for _ in 0..<20 {
            let (up, down) = (output(of: clientWire), output(of: serverWire))
            if up.isEmpty, down.isEmpty { return }
            for piece in up {
                serverWire.load(piece.span)
                if !isProven {
                    guard case .proven = server.listen() else { continue }
                    isProven = true
                    serverWire.load(piece.span)
                }
                readAtServer()
            }
            for piece in down {
                clientWire.load(piece.span)
                readAtClient()
            }
        }
    }

    private func readAtClient() {
        if case .closed = read(client, into: &received.atClient) { isClosedAtClient = true }
    }

    private func readAtServer() { _ = read(server, into: &received.atServer) }

    private func read(_ session: TLSSession, into received: inout [UInt8]) -> TLSSession.ReadResult {
        while true {
            var result = TLSSession.ReadResult.drained
            received += [UInt8](capacity: 65_536) { result = session.read(into: &$0) }
            if case .failed(let error) = result { failures.append(error.description) }
            guard case .full = result else { return result }
        }
    }

    private func output(of wire: TLSWire) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        func take(_ bytes: Span<UInt8>) { pieces.append(bytes.indices.map { bytes[$0] }) }
        if carrier == .datagrams {
            wire.takeDatagrams(take)
        } else if wire.outputByteCount > 0 {
            wire.takeOutput(take)
        }
        return pieces
    }
}
