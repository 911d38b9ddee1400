import Foundation
import Logging
import Logs

/// A log file in a folder of its own, and what was written into it. The folder goes with the value.
final class LogFile: Sendable {
    let folder: String
    let path: String

    init() throws {
        folder = NSTemporaryDirectory() + "/culvert-logs-\(UUID().uuidString)"
        path = folder + "/log"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A writer to the file.
    func writer(_ format: LogFormat = .logfmt, capacityBytes: Int = 1 << 20) throws -> LogWriter {
        try LogWriter(to: .file(path: path), format: format, capacityBytes: capacityBytes)
    }

    /// The lines, without their ends. A last line that has no end counts as broken.
    func lines(of name: String = "log") throws -> [String] {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
        let parts = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard parts.last?.isEmpty == true else { return parts.map { String(decoding: $0, as: UTF8.self) } + ["BROKEN"] }
        return parts.dropLast().map { String(decoding: $0, as: UTF8.self) }
    }
}

/// A logger over a writer.
func logger(_ writer: LogWriter, label: String = "test") -> Logger {
    Logger(label: label) { QueuedLogHandler(label: $0, writer: writer) }
}
