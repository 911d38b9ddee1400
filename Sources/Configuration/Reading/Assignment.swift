/// A setting and the value that somebody wrote behind its name.
struct Assignment: Sendable {
    /// The setting.
    let setting: Setting
    /// The value; nil when the name stood alone.
    let value: [UInt8]?
    /// Where it was written.
    let origin: SettingOrigin
}
