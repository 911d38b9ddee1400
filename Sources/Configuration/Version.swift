/// The version of these programs.
package enum Version {
    /// The number, as in the CHANGELOG.
    package static let number = "0.1.0"
    /// What `--version` prints and SOFTWARE carries.
    package static let text = "Culvert \(number)"
}
