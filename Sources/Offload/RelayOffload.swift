package import Timing

/// Somebody who can relay the packets of an established channel, so that they do not come to the server.
///
/// The server keeps every decision: it says which channels, until when, and takes them back. What was not taken, or is no
/// longer, comes to the server's sockets as before.
package protocol RelayOffload: ~Copyable {
    /// Hands a channel over.
    ///
    /// - Parameter expiry: when its permission, its binding or its allocation ends, whichever is first.
    /// - Returns: what to call it by, or nil when its packets go on coming to the server.
    mutating func bind(_ path: OffloadedPath, expiry: Instant, now: Instant) -> OffloadHandle?
    /// Moves the end of a channel.
    mutating func refresh(_ handle: OffloadHandle, expiry: Instant)
    /// Takes a channel back, at once.
    mutating func unbind(_ handle: OffloadHandle, now: Instant)
    /// What was relayed since the channel was handed over.
    mutating func counters(of handle: OffloadHandle) -> OffloadCounters
}

/// A channel that was handed over.
package struct OffloadHandle: Hashable, Sendable, BitwiseCopyable {
    /// Index of its first slot; the next one is that of the other direction.
    let slot: UInt32

    /// The channel that an offload calls by this number.
    package init(slot: UInt32) {
        self.slot = slot
    }

    /// No channel.
    package static var none: OffloadHandle { OffloadHandle(slot: .max) }
}
