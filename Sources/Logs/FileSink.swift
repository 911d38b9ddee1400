internal import Glibc

/// A file or standard output. Records of one call leave in one write(2).
struct FileSink: LogSink {
    private let path: String?
    private var descriptor: Int32
    /// A write failed in the middle of a line, so the next one must begin with a new line.
    private var isInsideLine = false

    /// How long to wait for a reader who does not keep up with a descriptor that somebody made non-blocking.
    private static let patienceMilliseconds: Int32 = 1000

    /// Standard output, which is neither opened nor closed.
    static var standardOutput: FileSink { FileSink(path: nil, descriptor: STDOUT_FILENO) }

    private init(path: String?, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Opens a file for appending.
    init(path: String) throws(LogError) {
        self.init(path: path, descriptor: try Self.open(path))
    }

    mutating func reopen() throws(LogError) {
        guard let path else { return }
        let fresh = try Self.open(path)
        close()
        descriptor = fresh
        isInsideLine = false
    }

    func close() {
        if path != nil { _ = Glibc.close(descriptor) }
    }

    mutating func write(_ records: [LogRecord]) -> Int {
        let lineEnd = UInt8(ascii: "\n")
        var text: [UInt8] = isInsideLine ? [lineEnd] : []
        var ends: [Int] = []
        for record in records {
            text += record.line
            text.append(lineEnd)
            ends.append(text.count)
        }
        let written = write(text)
        if written > 0 { isInsideLine = text[written - 1] != lineEnd }
        return ends.count { $0 <= written }
    }

    /// Writes until done or failed; returns how many bytes went out.
    private func write(_ text: [UInt8]) -> Int {
        var done = 0
        while done < text.count {
            let count = unsafe text.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if count > 0 {
                done += count
            } else if count == 0 || !mayTryAgain(after: errno) {
                break
            }
        }
        return done
    }

    private func mayTryAgain(after code: Int32) -> Bool {
        switch code {
        case EINTR:
            return true
        case EAGAIN:
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            return unsafe poll(&request, 1, Self.patienceMilliseconds) > 0
        default:
            return false
        }
    }

    private static func open(_ path: String) throws(LogError) -> Int32 {
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o640)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, code: errno) }
        return descriptor
    }
}
