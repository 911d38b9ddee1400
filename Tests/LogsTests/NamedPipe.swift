import Foundation
import Glibc

/// A pipe with a name, for a log whose reader is slow or goes away.
final class NamedPipe {
    let path: String
    private var reader: Int32 = -1

    init() throws {
        path = NSTemporaryDirectory() + "/culvert-pipe-\(UUID().uuidString)"
        guard unsafe mkfifo(path, 0o600) == 0 else { throw POSIXError(.EIO) }
        try openReader()
    }

    deinit {
        closeReader()
        unsafe unlink(path)
    }

    func openReader() throws {
        reader = unsafe open(path, O_RDONLY | O_NONBLOCK)
        guard reader >= 0 else { throw POSIXError(.EIO) }
    }

    func closeReader() {
        if reader >= 0 { close(reader) }
        reader = -1
    }

    /// Reads until whoever writes has let go of the pipe.
    func readToEnd() throws -> String {
        // From here on a read waits for what is written, or for the end.
        guard fcntl(reader, F_SETFL, 0) == 0 else { throw POSIXError(.EIO) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(reader, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    /// Reads while the condition holds, and then what is left.
    func drain(while condition: () -> Bool) throws -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let goesOn = condition()
            let count = unsafe read(reader, &buffer, buffer.count)
            if count > 0 { bytes += buffer[..<count] } else if !goesOn { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
