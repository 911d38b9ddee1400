/// A key that is shared with an authorization server: `oauth-key=name:key`.
package struct ConfiguredKey: Hashable, Sendable {
    /// What clients give in USERNAME, as bytes.
    package let name: [UInt8]
    /// 16 bytes for A128GCM, 32 for A256GCM.
    package let bytes: [UInt8]

    /// Joins the two.
    package init(name: [UInt8], bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

extension ConfiguredKey: CustomStringConvertible {
    /// The name alone: whatever prints a configuration must not print a secret.
    package var description: String { "key \(name.printable)" }
}
