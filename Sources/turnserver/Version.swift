/// The version of this program.
enum Version {
    /// The number, as in the CHANGELOG.
    static let number = "0.1.0"
    /// What `--version` prints and SOFTWARE carries.
    static let text = "Culvert \(number)"
}
