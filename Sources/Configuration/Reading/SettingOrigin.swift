/// Where a setting was written.
package enum SettingOrigin: Hashable, Sendable {
    /// A line of a file, counted from 1.
    case file(String, line: Int)
    /// The arguments of the program.
    case commandLine
}

extension SettingOrigin: CustomStringConvertible {
    /// `turnserver.conf:12`, as compilers and editors write it.
    package var description: String {
        switch self {
        case .file(let path, let line): "\(path):\(line)"
        case .commandLine: "command line"
        }
    }
}
