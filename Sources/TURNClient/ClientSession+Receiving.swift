import STUN
package import Timing

extension ClientSession {
    /// Takes a datagram, or the content of one frame of a stream.
    package mutating func receive(_ packet: Span<UInt8>, at now: Instant) -> ClientEvent {
        guard !packet.isEmpty else { return .ignored(.malformed) }
        switch PacketKind(firstByte: packet[0]) {
        case .stun: return receive(message: packet, at: now)
        case .channelData: return Self.channelData(packet)
        case .dtls, .other: return .ignored(.malformed)
        }
    }

    private static func channelData(_ packet: Span<UInt8>) -> ClientEvent {
        guard let header = ChannelData(packet) else { return .ignored(.malformed) }
        return .channelData(header.channel, payload: header.payload)
    }

    private mutating func receive(message: Span<UInt8>, at now: Instant) -> ClientEvent {
        guard let reader = try? MessageReader(message) else { return .ignored(.malformed) }
        switch reader.type.class {
        case .request: return .ignored(.unexpected)
        case .indication: return Self.indication(reader)
        case .success, .error: return response(reader, at: now)
        }
    }

    private static func indication(_ reader: borrowing MessageReader) -> ClientEvent {
        switch reader.type.method {
        case .data: data(reader)
        case .connectionAttempt: connectionAttempt(reader)
        default: .ignored(.unexpected)
        }
    }

    private static func connectionAttempt(_ reader: borrowing MessageReader) -> ClientEvent {
        guard case .value(let peer) = reader.peerAddress, case .value(let id) = reader.uint32(.connectionID) else {
            return .ignored(.malformed)
        }
        return .connectionAttempt(peer: peer, connectionID: id)
    }

    private static func data(_ reader: borrowing MessageReader) -> ClientEvent {
        guard case .value(let peer) = reader.peerAddress, let data = reader.locate(.data) else {
            return .ignored(.malformed)
        }
        return .data(peer: peer, payload: data.value)
    }

    private mutating func response(_ reader: borrowing MessageReader, at now: Instant) -> ClientEvent {
        let (id, method) = (reader.transactionID, reader.type.method)
        guard let index = transactions.firstIndex(where: { $0.id == id && $0.request.method == method }) else {
            return .ignored(.unmatched)
        }
        let transaction = transactions[index]
        let isAuthentic = verify(reader, transaction.protection)
        guard let response = ClientResponse(reader, isAuthentic: isAuthentic) else { return .ignored(.malformed) }
        // A forged success would have the client use an address of the forger's; an error is at worst a refusal.
        if response.isSuccess, transaction.protection != nil, !isAuthentic { return .ignored(.notAuthentic) }

        transactions.remove(at: index)
        if let code = response.errorCode, let retry = retry(transaction, code, Challenge(reader), at: now) {
            transactions.append(retry)
            return .challenged(request: transaction.number)
        }
        return .response(request: transaction.number, response)
    }

    private mutating func verify(
        _ reader: borrowing MessageReader, _ protection: ClientTransaction.Protection?
    ) -> Bool {
        guard let protection else { return false }
        return protection.usesSHA256
            ? reader.verifyIntegritySHA256(key: protection.key.span, using: &sha256)
            : reader.verifyIntegrity(key: protection.key.span, using: &sha1)
    }

    /// The request anew, after the first 401 to a request without credentials and after the first 438 (RFC 8489 §9.2.5).
    private mutating func retry(
        _ old: ClientTransaction, _ code: UInt16, _ challenge: Challenge?, at now: Instant
    ) -> ClientTransaction? {
        guard let challenge, credentials != nil, old.request.isAuthenticated else { return nil }
        let isStaleNonce = code == ErrorCode.staleNonce.rawValue
        let isFirstDemand = code == ErrorCode.unauthenticated.rawValue && old.protection == nil
        guard isFirstDemand || isStaleNonce else { return nil }
        // The server knows only what this client does not, or somebody took PASSWORD-ALGORITHMS out of the response to have
        // the client use MD5 (RFC 8489 §9.2.5).
        if usesPasswordAlgorithms, challenge.announcesPasswordAlgorithms, challenge.preferredAlgorithm == nil {
            return nil
        }
        self.challenge = challenge
        guard !old.followsStaleNonce else { return nil }
        var retry = transaction(old.request, number: old.number, at: now)
        retry.followsStaleNonce = isStaleNonce
        return retry
    }
}
