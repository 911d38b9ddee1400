/// The users, secrets, realms and rules in a SQLite file, in coturn's tables: each of the two servers, and its `turnadmin`,
/// opens what the other has made.
///
/// For one thread at a time. Every change is there wholly or not at all.
package struct UserDatabase: ~Copyable {
    let connection: SQLiteConnection
    private let path: String
    private let file: FileIdentity?

    /// Opens a file to read it, and only that. Tables that are missing are as good as empty.
    package init(reading path: String) throws(DatabaseError) {
        let connection = try SQLiteConnection(path, for: .reading)
        // A file that is no database is opened all the same, and found out by the first look into it.
        try connection.rows(of: "SELECT count(*) FROM sqlite_master") { _ in }
        self.connection = connection
        self.path = path
        file = FileIdentity(path)
    }

    /// Opens a file to change it; makes the file and the tables that are missing.
    package init(writing path: String) throws(DatabaseError) {
        let connection = try SQLiteConnection(path, for: .writing)
        for table in Table.allCases { try connection.run(table.creation) }
        self.connection = connection
        self.path = path
        file = FileIdentity(path)
    }

    /// Whether there is a file under this name at all.
    package static func exists(_ path: String) -> Bool { FileIdentity(path) != nil }

    /// Whether another file, or none, has taken the place of the one that was opened.
    package var isReplaced: Bool { FileIdentity(path) != file }

    /// A number that is another one as soon as somebody else has changed the file.
    package func version() throws(DatabaseError) -> Int64 {
        var version: Int64 = 0
        try connection.rows(of: "PRAGMA data_version") { version = $0.integer(0) }
        return version
    }

    /// The tables that are there.
    func tables() throws(DatabaseError) -> Set<String> {
        var names: Set<String> = []
        try connection.rows(of: "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')") { row in
            names.insert(row.text(0))
        }
        return names
    }
}
