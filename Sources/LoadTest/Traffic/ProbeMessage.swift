import Addressing
import STUN
import TURNClient

/// A packet as it leaves, written once; only the mark changes from one to the next.
struct ProbeMessage {
    /// The message, with the headers that its carriage needs.
    private(set) var bytes: [UInt8]
    private let payloadOffset: Int

    /// The packet of a stream. Nil when the payload is too long for the carriage.
    init?(_ stream: MediaStream, over carriage: LoadPlan.Carriage, isStream: Bool, to peer: TransportAddress) {
        let payload = [UInt8](repeating: 0, count: stream.payloadByteCount)
        guard stream.direction == .up else {
            bytes = payload
            payloadOffset = 0
            return
        }
        var session = ClientSession(isStream: isStream)
        switch carriage {
        case .channels:
            guard let message = session.channelData(LoadClient.channel, payload) else { return nil }
            bytes = message
            payloadOffset = WireFormat.channelDataHeaderByteCount
        case .indications:
            guard let message = session.sendIndication(to: peer, payload) else { return nil }
            bytes = message
            payloadOffset = message.count - WireFormat.padded(payload.count)
        }
    }

    /// Puts a mark into the payload.
    mutating func write(_ mark: ProbeMark) {
        mark.write(to: &bytes, at: payloadOffset)
    }
}
