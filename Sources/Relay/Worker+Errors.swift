import Addressing
import TURN
import Timing
import Transport

// ICMP errors that come back for what clients sent to peers (RFC 8656 §11.5).

extension Worker {
    /// Errors taken from one socket in one turn.
    private static var errorsPerSocket: Int { 16 }

    /// Tells the client of a relay socket what came back.
    mutating func receiveErrors(_ token: EventToken) {
        guard settings.reportsErrors, let relay = host.relay(for: token) else { return }
        for _ in 0..<Self.errorsPerSocket {
            guard let error = relay.socket.nextICMPError() else { return }
            let icmp = ICMPError(
                type: error.type, code: error.code, info: error.info, isIPv4: error.destination.family == .ipv4)
            let client = engine.receiveError(icmp, from: error.destination, on: relay.allocation, now: now.instant)
            if let client { deliver(engine.reply, to: client) }
        }
    }

    /// Sends a client a message that was made here and answers nothing that it has just sent. It may be lost, over TCP too:
    /// anybody who can forge ICMP causes such messages, and they are not to end the session of a client that reads slowly.
    mutating func deliver(_ message: [UInt8], to client: Client) {
        let (fiveTuple, path) = (client.fiveTuple, client.path)
        if path.isConnection {
            if let index = connections.index(for: path) { writeMedia(message, to: index) }
        } else if fiveTuple.transport == .dtls {
            if let session = datagramSessions.find(fiveTuple) { sendMessage(message.span, of: session) }
        } else if Int(path.index) < listeners.datagrams.count {
            reply(with: message.span, to: fiveTuple, over: listeners.datagrams[Int(path.index)])
        }
    }
}
