/// Why the daemon cannot start or go on, in words for the operator.
struct DaemonError: Error, CustomStringConvertible {
    let description: String
}
