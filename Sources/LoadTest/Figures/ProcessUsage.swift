/// What a process has used so far.
struct ProcessUsage: Sendable {
    /// Time on a processor, all threads together.
    var nanoseconds: UInt64 = 0
    /// The part of it that was spent in the process's own code, in clock ticks, and the part spent in the kernel.
    var userTicks: UInt64 = 0
    var systemTicks: UInt64 = 0
    /// Resident memory.
    var residentBytes = 0
    /// Open files and sockets; nil where they may not be counted.
    var descriptors: Int?
}
