/// Why a database could not be opened, read or written.
package struct DatabaseError: Error, Hashable, Sendable {
    /// What went wrong, in SQLite's words, with the file.
    package let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

extension DatabaseError: CustomStringConvertible {
    /// The reason.
    package var description: String { reason }
}
