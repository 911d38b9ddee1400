import Glibc

/// The file that tells other programs the process id (`pidfile`).
struct PIDFile {
    private let path: String

    /// Writes the file.
    init(path: String) throws(DaemonError) {
        self.path = path
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { close(descriptor) }
        let text = Array("\(getpid())\n".utf8)
        let written = unsafe text.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard written == text.count else { throw Self.failure(path) }
    }

    /// Removes the file.
    func remove() {
        _ = unsafe unlink(path)
    }

    private static func failure(_ path: String) -> DaemonError {
        DaemonError(description: "cannot write \(path): \(unsafe String(cString: strerror(errno)))")
    }
}
