import Glibc

/// A process on this machine whose use of time and memory is read from /proc.
struct WatchedProcess: Sendable {
    /// The process.
    let id: Int

    /// What it has used so far; nil when there is no such process any more.
    func usage() -> ProcessUsage? {
        // The name in parentheses may hold spaces and parentheses; the rest may not.
        guard let text = Self.read("/proc/\(id)/stat"), let name = text.lastIndex(of: ")") else { return nil }
        let fields = text[name...].split(separator: " ")
        guard fields.count > 13, let user = UInt64(fields[12]), let system = UInt64(fields[13]),
            let pages = Self.read("/proc/\(id)/statm")?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return ProcessUsage(
            nanoseconds: scheduledNanoseconds() ?? (user + system) * 1_000_000_000
                / UInt64(sysconf(Int32(_SC_CLK_TCK))),
            userTicks: user, systemTicks: system, residentBytes: pages * sysconf(Int32(_SC_PAGESIZE)))
    }

    /// How many files and sockets it has open; nil where that may not be seen.
    func descriptorCount() -> Int? { Self.numbers(in: "/proc/\(id)/fd")?.count }

    /// The time of all threads to the nanosecond, where the kernel tells it; `stat` only counts ticks of 10 ms.
    private func scheduledNanoseconds() -> UInt64? {
        guard let tasks = Self.numbers(in: "/proc/\(id)/task") else { return nil }
        var total: UInt64 = 0
        for task in tasks {
            guard let text = Self.read("/proc/\(id)/task/\(task)/schedstat"),
                let time = text.split(separator: " ").first.flatMap({ UInt64($0) })
            else { return nil }
            total += time
        }
        return total
    }

    /// The entries of a folder that are numbers; nil when it cannot be read.
    private static func numbers(in path: String) -> [Int]? {
        guard let folder = unsafe opendir(path) else { return nil }
        defer { _ = unsafe closedir(folder) }
        var numbers: [Int] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
                unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let number = Int(name) { numbers.append(number) }
        }
        return numbers
    }

    private static func read(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    /// The processor time of this process in nanoseconds.
    static func ownNanoseconds() -> UInt64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
