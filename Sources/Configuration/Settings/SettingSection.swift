/// Settings that belong together, under a heading of the help and the reference page.
package struct SettingSection: Sendable {
    /// The heading.
    package let title: String
    /// A sentence or two about the whole section; may be empty.
    package let introduction: String
    /// The settings in the order of the documents.
    package let settings: [Setting]

    /// A section; `reload` holds for those of its settings that do not say otherwise.
    init(
        _ title: String, _ introduction: String = "", reload: SettingReload = .restart,
        @SettingsBuilder settings: () -> [Setting]
    ) {
        self.title = title
        self.introduction = introduction
        self.settings = settings().map { setting in
            var setting = setting
            setting.reload = setting.reload ?? reload
            return setting
        }
    }
}

/// Lets the settings of a section stand one below the other.
@resultBuilder
enum SettingsBuilder {
    static func buildBlock(_ settings: Setting...) -> [Setting] { settings }
}
