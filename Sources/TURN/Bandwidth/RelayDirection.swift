/// Which way data goes through the relay.
package enum RelayDirection: Sendable, BitwiseCopyable, CaseIterable {
    case toPeer
    case toClient
}
