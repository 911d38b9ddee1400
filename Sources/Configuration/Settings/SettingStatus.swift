/// What becomes of a setting in this server.
package enum SettingStatus: Hashable, Sendable {
    /// It does what it says.
    case built
    /// coturn has it and this server does not yet: a warning, no effect.
    case notBuilt
    /// It asks for what this server does anyway.
    case always
    /// It is accepted so that old files load: a warning, no effect, and none to come.
    case noEffect
}
