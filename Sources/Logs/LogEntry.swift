internal import Logging

/// What a record says, before it has a form. The four fields of every record come first, then the metadata by name.
struct LogEntry {
    /// A field of every record may not be named again by metadata: readers take the first or the last as they like.
    private static let reservedKeys: Set<String> = ["time", "level", "logger", "event"]
    /// Longer texts are cut. Texts of strangers are shorter already: see `Logger.MetadataValue.untrusted`.
    static let scalarLimit = 512

    let level: Logger.Level
    /// The fields in their order, with texts not yet cut or escaped.
    let fields: [(key: String, value: Logger.MetadataValue)]

    init(time: LogTime?, level: Logger.Level, logger: String, event: String, metadata: Logger.Metadata) {
        self.level = level
        var fields: [(key: String, value: Logger.MetadataValue)] = []
        if let time { fields.append(("time", .string(time.description))) }
        fields.append(("level", .string(level.rawValue)))
        fields.append(("logger", .string(logger)))
        fields.append(("event", .string(event)))
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            fields.append((Self.reservedKeys.contains(key) ? key + "_" : key, value))
        }
        self.fields = fields
    }
}
