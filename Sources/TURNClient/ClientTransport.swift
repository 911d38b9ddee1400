/// How a client reaches its server.
package enum ClientTransport: Sendable, CaseIterable {
    case udp
    case tcp
}
