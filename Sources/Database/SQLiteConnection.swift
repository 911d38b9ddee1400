internal import CSQLite

/// An open SQLite file, for one thread at a time.
@safe struct SQLiteConnection: ~Copyable {
    /// What a file is opened for.
    enum Mode {
        /// Reading what is there.
        case reading
        /// Reading and writing; a file that is not there is made.
        case writing
    }

    private let path: String
    private let handle: OpaquePointer

    /// How long to wait for another program that writes.
    private static let patienceMilliseconds: CInt = 2000

    init(_ path: String, for mode: Mode) throws(DatabaseError) {
        var opened: OpaquePointer?
        let access = mode == .reading ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let code = unsafe sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            unsafe sqlite3_close_v2(opened)
            throw DatabaseError("\(path): \(unsafe String(cString: sqlite3_errstr(code)))")
        }
        self.path = path
        unsafe handle = opened
        unsafe sqlite3_busy_timeout(handle, Self.patienceMilliseconds)
    }

    deinit {
        unsafe sqlite3_close_v2(handle)
    }

    /// Runs one statement with values for its `?`.
    ///
    /// - Returns: how many rows it has changed.
    @discardableResult
    func run(_ statement: String, _ values: [[UInt8]] = []) throws(DatabaseError) -> Int {
        try rows(of: statement, values) { _ in }
        return unsafe Int(sqlite3_changes(handle))
    }

    /// Runs statements that hold together: what others do comes before all of them or behind, and when one fails none has
    /// changed anything. `BEGIN` suits those that only read, `BEGIN IMMEDIATE` those that write.
    func transaction<Result>(
        _ begin: String, _ body: () throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        try run(begin)
        do throws(DatabaseError) {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // What cannot be rolled back is over anyway; the first error is the one to tell.
            _ = try? run("ROLLBACK")
            throw error
        }
    }

    /// Hands every row of an answer to `body`.
    func rows(
        of query: String, _ values: [[UInt8]] = [], _ body: (borrowing SQLiteRow) -> Void
    ) throws(DatabaseError) {
        var prepared: OpaquePointer?
        guard unsafe sqlite3_prepare_v2(handle, query, -1, &prepared, nil) == SQLITE_OK,
            let statement = unsafe prepared
        else { throw failure }
        defer { unsafe sqlite3_finalize(statement) }
        for (index, value) in values.enumerated() {
            let code = unsafe value.withUnsafeBytes { bytes in
                unsafe culvert_sqlite3_bind_copied_text(
                    statement, CInt(index + 1), bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1),
                    CInt(clamping: bytes.count))
            }
            guard code == SQLITE_OK else { throw failure }
        }
        while true {
            switch unsafe sqlite3_step(statement) {
            case SQLITE_ROW: body(unsafe SQLiteRow(statement))
            case SQLITE_DONE: return
            default: throw failure
            }
        }
    }

    private var failure: DatabaseError {
        DatabaseError("\(path): \(unsafe String(cString: sqlite3_errmsg(handle)))")
    }
}
