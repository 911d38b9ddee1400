internal import CSQLite

/// A row of an answer, while it is being looked at.
@safe struct SQLiteRow: ~Copyable {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) {
        unsafe self.statement = statement
    }

    /// The bytes of a column, whatever they are meant to be; none for NULL.
    func bytes(_ column: Int) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(statement, CInt(column)) else { return [] }
        let count = unsafe Int(sqlite3_column_bytes(statement, CInt(column)))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// A column as text; what is not UTF-8 in it is replaced.
    func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// A column as a number; 0 where it is none.
    func integer(_ column: Int) -> Int64 { unsafe sqlite3_column_int64(statement, CInt(column)) }
}
