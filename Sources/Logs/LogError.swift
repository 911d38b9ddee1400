internal import Glibc

/// Why logging could not start.
package enum LogError: Error, CustomStringConvertible {
    /// The file cannot be opened for appending.
    case cannotOpen(path: String, code: Int32)
    /// There is no thread for the writing.
    case cannotStartThread(code: Int32)

    package var description: String {
        switch self {
        case .cannotOpen(let path, let code): "cannot open log file \(path): \(Self.text(of: code))"
        case .cannotStartThread(let code): "cannot start the log thread: \(Self.text(of: code))"
        }
    }

    private static func text(of code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
