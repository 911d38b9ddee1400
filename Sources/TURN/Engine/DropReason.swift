/// Why something was thrown away without an answer. Each has a counter.
package enum DropReason: Int, Sendable, CaseIterable, BitwiseCopyable {
    /// No STUN message, no ChannelData: broken structure, wrong cookie, wrong FINGERPRINT.
    case malformed
    /// A STUN method this server does not answer, or a class that only servers send.
    case unexpectedMessage
    /// An indication with a comprehension-required attribute nobody knows.
    case unknownAttribute
    /// Data on a 5-tuple without an allocation.
    case noAllocation
    /// Data for or from a peer without a live permission.
    case noPermission
    /// ChannelData on a number that is not bound.
    case noChannel
    /// A peer of a family that the allocation does not relay.
    case wrongFamily
    /// A port of this server that is not a relay port, or a datagram for a peer of an allocation without datagrams.
    case deniedPort
    /// A datagram from a peer that does not fit into a Data indication.
    case tooLarge
    /// An error reply withheld from a source that has had its share.
    case rateLimited
    /// A pjnath keep-alive: a Send indication without a peer. Harmless.
    case keepAlive
    /// A peer's connection to an allocation that has as many as it may, or has one with this peer already.
    case tooManyConnections
    /// An ICMP error for a client that has been told of many just now.
    case tooManyErrors
    /// Data beyond the bytes per second that its session may carry.
    case overSessionRate
    /// Data beyond the bytes per second that all sessions of its user may carry.
    case overUserRate
}
