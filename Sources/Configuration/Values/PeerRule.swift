package import Addressing

/// One line of the peer policy: `allowed-peer-ip` or `denied-peer-ip`.
package struct PeerRule: Hashable, Sendable {
    /// The peers it speaks of.
    package let range: AddressRange
    /// Whether it opens the range or closes it.
    package let allow: Bool
    /// Where it was written, for the log line of a denial: `turnserver.conf:12`.
    package let source: String

    /// A rule and where it comes from.
    package init(range: AddressRange, allow: Bool, source: String) {
        self.range = range
        self.allow = allow
        self.source = source
    }
}

extension PeerRule {
    /// Whether both say the same, wherever they are written: a line that has moved is no other rule.
    package static func == (left: PeerRule, right: PeerRule) -> Bool {
        left.range == right.range && left.allow == right.allow
    }

    /// As equality has it.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(range)
        hasher.combine(allow)
    }
}

extension PeerRule: CustomStringConvertible {
    /// As in the configuration file, with its place.
    package var description: String { "\(allow ? "allowed" : "denied")-peer-ip=\(range) (\(source))" }
}
