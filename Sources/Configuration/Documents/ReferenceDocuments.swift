/// The files of the repository that are made from the table of settings.
package enum ReferenceDocuments {
    /// A file and what stands in it.
    package struct Document: Sendable {
        /// The path from the top of the repository.
        package let path: String
        /// The whole text.
        package let text: String
    }

    /// All of them, freshly made.
    package static func render() -> [Document] {
        [
            Document(path: "turnserver.conf.example", text: ExampleFile.render()),
            Document(path: "Docs/configuration.md", text: ReferencePage.render()),
        ]
    }
}
