package import Addressing
import STUN

extension ClientRequest {
    /// What an Allocate request may ask for (RFC 8656 §7.1). The server decides which combinations it takes.
    package struct AllocateOptions: Sendable {
        /// The protocol between server and peers: 17 for UDP, 6 for TCP; nil leaves REQUESTED-TRANSPORT out.
        package var transport: UInt8? = 17
        /// For how long.
        package var lifetimeSeconds: UInt32?
        /// The family of the relayed address.
        package var family: IPAddress.Family?
        /// The family of a second relayed address.
        package var additionalFamily: IPAddress.Family?
        /// Asks for an even port, and with true for the next one to be held.
        package var evenPortReservingNext: Bool?
        /// The token that a server gave for a held port.
        package var reservationToken: UInt64?
        /// Whether DF is to be set at the client's word.
        package var dontFragment = false
        /// Whether the allocation is to be movable to another address of the client (RFC 8016 §3.1).
        package var isMobile = false

        /// A relayed address for UDP, and nothing out of the ordinary.
        package init() {}
    }

    /// Asks for a relayed address (RFC 8656 §7).
    package static func allocate(_ options: AllocateOptions = AllocateOptions()) -> ClientRequest {
        var request = ClientRequest(.allocate)
        if let transport = options.transport {
            request.attributes.append(.number(.requestedTransport, UInt32(transport) << 24))
        }
        if let lifetime = options.lifetimeSeconds { request.attributes.append(.number(.lifetime, lifetime)) }
        if let family = options.family { request.attributes.append(.family(.requestedAddressFamily, family)) }
        if let family = options.additionalFamily {
            request.attributes.append(.family(.additionalAddressFamily, family))
        }
        if let reserving = options.evenPortReservingNext {
            request.attributes.append(.bytes(.evenPort, [reserving ? 0x80 : 0]))
        }
        if let token = options.reservationToken {
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: token >> UInt64(56 - 8 * $0)) }
            request.attributes.append(.bytes(.reservationToken, bytes))
        }
        if options.dontFragment { request.attributes.append(.bytes(.dontFragment, [])) }
        if options.isMobile { request.attributes.append(.bytes(.mobilityTicket, [])) }
        return request
    }

    /// Asks for a relayed address with the options that `configure` sets.
    package static func allocate(_ configure: (inout AllocateOptions) -> Void) -> ClientRequest {
        var options = AllocateOptions()
        configure(&options)
        return allocate(options)
    }
}
