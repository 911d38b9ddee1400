package import Addressing
package import STUN

/// A request as data: the session adds what authenticates it, and writes it anew when the server asks for that.
package struct ClientRequest: Sendable {
    /// An attribute to send.
    package enum Attribute: Sendable {
        /// Four bytes.
        case number(AttributeType, UInt32)
        /// Any bytes.
        case bytes(AttributeType, [UInt8])
        /// An address, XORed with the transaction id of the message that carries it.
        case xorAddress(AttributeType, TransportAddress)
    }

    /// What is asked.
    package var method: Method
    /// The attributes, in the order in which they are written.
    package var attributes: [Attribute]
    /// Whether the request carries credentials once the server has sent a challenge.
    package var isAuthenticated = true

    /// A request of any shape.
    package init(_ method: Method, _ attributes: [Attribute] = []) {
        self.method = method
        self.attributes = attributes
    }

    /// Asks for the address that the server sees (RFC 8489 §2). Needs no credentials.
    package static var binding: ClientRequest {
        var request = ClientRequest(.binding)
        request.isAuthenticated = false
        return request
    }

    /// Asks for a new lifetime; zero ends the allocation (RFC 8656 §8).
    package static func refresh(lifetimeSeconds: UInt32? = nil, family: IPAddress.Family? = nil) -> ClientRequest {
        var request = ClientRequest(.refresh)
        if let lifetimeSeconds { request.attributes.append(.number(.lifetime, lifetimeSeconds)) }
        if let family { request.attributes.append(.family(.requestedAddressFamily, family)) }
        return request
    }

    /// Asks, from a new address, for the allocation that a ticket names (RFC 8016 §3.2).
    package static func refresh(moving ticket: [UInt8], lifetimeSeconds: UInt32? = nil) -> ClientRequest {
        .refresh(lifetimeSeconds: lifetimeSeconds).with(.bytes(.mobilityTicket, ticket))
    }

    /// Asks to exchange data with some peers; their ports do not matter (RFC 8656 §10).
    package static func createPermission(for peers: TransportAddress...) -> ClientRequest {
        ClientRequest(.createPermission, peers.map { .xorAddress(.xorPeerAddress, $0) })
    }

    /// Asks for a channel to a peer (RFC 8656 §12).
    package static func channelBind(_ channel: ChannelNumber, to peer: TransportAddress) -> ClientRequest {
        ClientRequest(
            .channelBind,
            [.number(.channelNumber, UInt32(channel.rawValue) << 16), .xorAddress(.xorPeerAddress, peer)])
    }

    /// Asks for a connection from the relayed address to a peer (RFC 6062 §4.3).
    package static func connect(to peer: TransportAddress) -> ClientRequest {
        ClientRequest(.connect, [.xorAddress(.xorPeerAddress, peer)])
    }

    /// Asks to join the connection it is sent over with one to a peer (RFC 6062 §4.3). Behind the success response the
    /// stream is the peer's.
    package static func connectionBind(_ connectionID: UInt32) -> ClientRequest {
        ClientRequest(.connectionBind, [.number(.connectionID, connectionID)])
    }

    /// The request with more attributes behind its own.
    package func with(_ more: Attribute...) -> ClientRequest {
        var request = self
        request.attributes += more
        return request
    }
}

extension ClientRequest.Attribute {
    /// A family in the first of four bytes.
    static func family(_ type: AttributeType, _ family: IPAddress.Family) -> ClientRequest.Attribute {
        .number(type, UInt32(family.rawValue) << 24)
    }
}

extension MessageWriter {
    /// Adds an attribute of a request.
    mutating func add(_ attribute: ClientRequest.Attribute) {
        switch attribute {
        case .number(let type, let value): add(type, value)
        case .bytes(let type, let value): add(type, value)
        case .xorAddress(let type, let address): add(type, xor: address)
        }
    }
}
