/// The part of the configuration that a setting writes to, for comparing two configurations and mixing them.
struct SettingFields: Sendable {
    /// The field; nil for no part.
    let name: (any PartialKeyPath<ServerConfiguration> & Sendable)?
    /// Whether two configurations say the same.
    let areSame: @Sendable (ServerConfiguration, ServerConfiguration) -> Bool
    /// Copies the part from the first to the second.
    let copy: @Sendable (ServerConfiguration, inout ServerConfiguration) -> Void

    /// No part.
    static let none = SettingFields(name: nil, areSame: { _, _ in true }, copy: { _, _ in })

    /// One field.
    static func one<Value: Equatable & Sendable>(_ field: Setting.Field<Value>) -> SettingFields {
        SettingFields(name: field, areSame: { $0[keyPath: field] == $1[keyPath: field] }) {
            $1[keyPath: field] = $0[keyPath: field]
        }
    }
}
