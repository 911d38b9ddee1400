import Addressing
import STUN
import Timing

extension Engine {
    /// Answers the classic STUN of RFC 3489 in its own form: MAPPED-ADDRESS, and nothing that came later. The answer goes
    /// back where the request came from, whatever it asks for; RFC 3489 made servers into mirrors.
    mutating func answer(_ binding: ClassicBinding, from client: Client, now: Instant) -> ClientAction {
        let fiveTuple = client.fiveTuple
        guard fiveTuple.transport != .dtls else { return refuse(binding, .serverError, from: client, now) }
        guard binding.refusedAttributes.isEmpty else { return refuse(binding, .unknownAttribute, from: client, now) }
        begin(.success, to: binding)
        writer.add(.mappedAddress, plain: fiveTuple.client)
        return .reply
    }

    /// Whether a packet that no reader takes may be classic STUN. It came before TCP and TLS, and it has no credentials
    /// that could be asked for; over DTLS it gets an error whatever is set (RFC 7350 §3, RFC 8489 §11).
    func mayBeClassic(over transport: ClientTransport) -> Bool {
        transport == .dtls
            || settings.answersClassicSTUN && !transport.isStream && !settings.ignoresBinding
                && !settings.authenticatesBinding
    }

    private mutating func refuse(
        _ binding: ClassicBinding, _ code: ErrorCode, from client: Client, _ now: Instant
    ) -> ClientAction {
        guard limiter.admits(client.fiveTuple.client.ip, now: now) else { return drop(.rateLimited) }
        begin(.error, to: binding)
        writer.add(error: code, reason: settings.addsReason ? code.reason : "")
        if code == .unknownAttribute {
            // RFC 3489 §11.2.10: to fill four bytes the last is said twice.
            let types = binding.refusedAttributes
            writer.add(unknownAttributes: types.count % 2 == 0 ? types : types + types.suffix(1))
        }
        return .reply
    }

    private mutating func begin(_ class: MessageType.Class, to binding: ClassicBinding) {
        writer.begin(MessageType(.binding, `class`), binding.transactionID, cookie: binding.leadingID)
    }
}
