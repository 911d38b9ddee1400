package import Addressing

/// One line of the peer policy: whether relaying to a range of addresses is allowed, and who said so.
package struct PeerRule: Sendable, Equatable {
    /// What the rule says.
    package enum Action: Sendable, Equatable {
        case allow
        case deny
    }

    /// The peers it speaks of.
    package let range: AddressRange
    /// What it says of them.
    package let action: Action
    /// Where it comes from, for the log: a line of the configuration, or the registry behind a built-in rule.
    package let origin: String

    /// Joins the parts.
    package init(_ action: Action, _ range: AddressRange, origin: String) {
        self.range = range
        self.action = action
        self.origin = origin
    }
}

extension PeerRule: CustomStringConvertible {
    /// `deny 10.0.0.0/8 (private use, RFC 1918)`.
    package var description: String {
        "\(action == .allow ? "allow" : "deny") \(range) (\(origin))"
    }
}
