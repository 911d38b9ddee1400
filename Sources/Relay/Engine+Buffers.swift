import STUN
import TURN
import Timing
import Transport

extension Engine {
    /// Takes in a part of a receive buffer that is one message of a client. The first byte decides what it is (RFC 7983).
    mutating func receive(
        _ buffer: Int, _ range: Range<Int>, of receives: borrowing ReceiveBatch, from client: Client, now: Moment,
        host: inout WorkerHost
    ) -> ClientAction {
        let bytes = receives.bytes(buffer, range)
        guard !bytes.isEmpty else { return .none }
        switch PacketKind(firstByte: bytes[0]) {
        case .channelData: return receiveChannelData(bytes, from: client.fiveTuple, now: now.instant)
        case .stun: return receive(bytes, from: client, now: now, host: &host)
        case .dtls, .other: return .none
        }
    }
}
