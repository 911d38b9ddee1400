/// Settings that belong together, under a heading of the help and the reference page.
package struct SettingSection: Sendable {
    /// The heading.
    package let title: String
    /// A sentence or two about the whole section; may be empty.
    package let introduction: String
    /// The settings in the order of the documents.
    package let settings: [Setting]

    init(_ title: String, _ introduction: String = "", @SettingsBuilder settings: () -> [Setting]) {
        self.title = title
        self.introduction = introduction
        self.settings = settings()
    }
}

/// Lets the settings of a section stand one below the other.
@resultBuilder
enum SettingsBuilder {
    static func buildBlock(_ settings: Setting...) -> [Setting] { settings }
}
