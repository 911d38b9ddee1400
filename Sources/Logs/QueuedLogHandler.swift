package import Logging

/// The back end of a swift-log `Logger` that hands its records to a `LogWriter`:
/// `LoggingSystem.bootstrap { QueuedLogHandler(label: $0, writer: writer) }`.
package struct QueuedLogHandler: LogHandler {
    private let label: String
    private let writer: LogWriter
    private var ownLevel: Logger.Level?
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    /// A handler for the logger of that label.
    package init(label: String, writer: LogWriter) {
        self.label = label
        self.writer = writer
    }

    /// The level set on this logger, or else that of the writer.
    package var logLevel: Logger.Level {
        get { ownLevel ?? writer.level }
        set { ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Queues a record. Of metadata under one name that of the call counts most, then the provider's.
    package func log(event: LogEvent) {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { $1 } }
        if let error = event.error { merged["error"] = .string("\(error)") }
        if let own = event.metadata { merged.merge(own) { $1 } }
        writer.log(level: event.level, logger: label, event: event.message.description, metadata: merged)
    }
}
