import Glibc

/// Reads whole files for the configuration.
package enum FileReader {
    /// The bytes of a file.
    package static func read(_ path: String) throws(ConfigurationFileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            bytes += chunk[..<count]
        }
    }

    private static func failure() -> ConfigurationFileError {
        switch errno {
        case ENOENT, ENOTDIR: .notFound
        case let code: .unreadable(reason: unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)")
        }
    }
}
