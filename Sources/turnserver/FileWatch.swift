import Glibc

/// Tells when files have been written or replaced. Whoever owns it asks about once a second: that also sees what lies
/// behind the links of certbot and the mounts of containers, where notifications fail.
struct FileWatch {
    /// What changes when a file does.
    private struct Stamp: Equatable {
        let device: dev_t
        let inode: ino_t
        let size: off_t
        let seconds: Int
        let nanoseconds: Int

        init?(_ path: String) {
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { return nil }
            device = status.st_dev
            inode = status.st_ino
            size = status.st_size
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    private var paths: [String]
    private var stamps: [Stamp?]
    private var isSettling = false

    /// Watches files from now on.
    init(_ paths: [String]) {
        self.paths = paths
        stamps = paths.map { Stamp($0) }
    }

    /// Watches other files from now on, if they are others.
    mutating func follow(_ paths: [String]) {
        if paths != self.paths { self = FileWatch(paths) }
    }

    /// How long to wait before asking again; -1 when there is nothing to watch.
    var intervalMilliseconds: Int { paths.isEmpty ? -1 : 1000 }

    /// Whether files have changed since the last yes, and then have been left alone from one call to the next: a
    /// certificate and its key are two files, and come one after the other.
    mutating func haveChanged() -> Bool {
        let current = paths.map { Stamp($0) }
        defer { stamps = current }
        guard current == stamps else {
            isSettling = true
            return false
        }
        defer { isSettling = false }
        return isSettling
    }
}
