import Addressing
import STUN
import Timing

/// What an Allocate asks for, checked as far as the request alone can be (RFC 8656 §7.2, steps 3 to 9).
struct AllocateWish {
    /// What is to be relayed.
    let transport: RelayTransport
    /// The family of the relayed address.
    let family: IPAddress.Family
    /// Whether an address of each family is asked for; one of them will do.
    let wantsBothFamilies: Bool
    /// What kind of port.
    let port: RelayResources.Wish
    /// The token of a port reserved before.
    let reservationToken: UInt64?
    /// How long.
    let lifetimeSeconds: UInt32
    /// Whether the client may want to take the allocation to another path (RFC 8016 §3.1).
    let isMobile: Bool

    /// The family without which nothing can be made.
    var requiredFamily: IPAddress.Family? { reservationToken == nil && !wantsBothFamilies ? family : nil }

    init(_ request: borrowing Request, by user: Identity, _ settings: EngineSettings) throws(Refusal) {
        let message = request.message
        // 3. UDP is relayed unless the operator forbids it, and TCP if he wants it.
        transport = try Self.transport(message, settings)
        if transport == .tcp { try Self.checkConnections(for: request) }
        // 4. DONT-FRAGMENT is supported, so it needs no answer.
        let requested = try message.requestedAddressFamily.optional()
        let additional = try message.additionalAddressFamily.optional()
        let evenPort = try message.evenPortReservesNext.optional()
        // 5. A token stands alone.
        reservationToken = try message.reservationToken.optional()
        if reservationToken != nil, requested != nil || additional != nil || evenPort != nil {
            throw Refusal(.badRequest)
        }
        // 6, 8, 9. Two families: IPv4 by default and IPv6 in addition, and no reservation with it.
        if let additional {
            guard requested == nil, evenPort != true, additional == IPAddress.Family.ipv6.rawValue else {
                throw Refusal(.badRequest)
            }
        }
        wantsBothFamilies = additional != nil
        // 7. A family by name, or the default.
        if let requested {
            guard let named = IPAddress.Family(rawValue: requested) else { throw Refusal(.addressFamilyNotSupported) }
            family = named
        } else {
            family = wantsBothFamilies ? .ipv4 : settings.defaultFamily.family(for: request.client.fiveTuple.client)
        }
        port =
            switch evenPort {
            case nil: .any
            case false: .even
            case true: .evenWithNext
            }
        isMobile = try Self.asksForTicket(message, settings)
        lifetimeSeconds = settings.grantedLifetimeSeconds(
            try message.lifetimeSeconds.optional(), to: user, unixSeconds: request.now.unixSeconds)
    }
}

extension AllocateWish {
    private static func transport(
        _ message: borrowing MessageReader, _ settings: EngineSettings
    ) throws(Refusal) -> RelayTransport {
        switch RelayTransport(rawValue: try message.requestedTransport.required()) {
        case .udp where settings.relaysUDP: .udp
        case .tcp where settings.relaysTCP: .tcp
        case .udp, .tcp, nil: throw Refusal(.unsupportedTransportProtocol)
        }
    }

    /// What RFC 6062 §5.1 forbids; and a client that moves would lose its connections, so there is no mobility either.
    private static func checkConnections(for request: borrowing Request) throws(Refusal) {
        let message = request.message
        guard request.client.fiveTuple.transport.isStream, !message.contains(.dontFragment),
            !message.contains(.evenPort), !message.contains(.reservationToken)
        else { throw Refusal(.badRequest) }
        guard !message.contains(.mobilityTicket) else { throw Refusal(.mobilityForbidden) }
    }

    /// An empty MOBILITY-TICKET asks for one.
    private static func asksForTicket(
        _ message: borrowing MessageReader, _ settings: EngineSettings
    ) throws(Refusal) -> Bool {
        guard let ticket = message.locate(.mobilityTicket) else { return false }
        guard settings.mobilityKey != nil else { throw Refusal(.mobilityForbidden) }
        guard ticket.length == 0 else { throw Refusal(.badRequest) }
        return true
    }
}

extension EngineSettings {
    /// The lifetime a client gets that asks for `wished` (RFC 8656 §7.2): not less than the default, not more than the
    /// maximum, and not beyond the token that lets the client in (RFC 7635 §4.1.1).
    func grantedLifetimeSeconds(_ wished: UInt32?, to user: Identity, unixSeconds: Int64) -> UInt32 {
        let granted = min(max(wished ?? 0, defaultLifetimeSeconds), max(maximumLifetimeSeconds, 1))
        guard let expiry = user.tokenExpiry else { return granted }
        return min(granted, UInt32(clamping: max(expiry - unixSeconds, 1)))
    }
}

extension EngineSettings.DefaultFamily {
    fileprivate func family(for client: TransportAddress) -> IPAddress.Family {
        switch self {
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .keep: client.family
        }
    }
}
