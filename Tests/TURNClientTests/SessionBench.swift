import Addressing
import TURNClient
import Timing

/// A session whose clock stands still, and the answers that come to it.
struct SessionBench {
    let start = Instant(nanoseconds: 1_000_000_000)
    let relayed = TransportAddress(IPAddress(v4: 0xC000_0201), port: 50000)
    let mapped = TransportAddress(IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 1), port: 1234)

    func session(isStream: Bool = false) -> ClientSession {
        ClientSession(isStream: isStream, credentials: CannedServer.credentials)
    }

    /// The bytes that the session wants sent now.
    func transmission(_ session: inout ClientSession) throws -> [UInt8] {
        let action = session.poll(at: start)
        guard case .transmit(let bytes)? = action else { throw ClientError.timedOut }
        return bytes
    }

    func receive(_ bytes: [UInt8], _ session: inout ClientSession) -> ClientEvent {
        session.receive(bytes.span, at: start)
    }
}
