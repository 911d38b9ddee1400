// The few statements that all tables are looked after with.

extension UserDatabase {
    func column(_ name: String, of table: Table, where realm: [UInt8]) throws(DatabaseError) -> [[UInt8]] {
        var values: [[UInt8]] = []
        let query = "SELECT \(name) FROM \(table.rawValue) WHERE realm = ? ORDER BY \(name)"
        try connection.rows(of: query, [realm]) { values.append($0.bytes(0)) }
        return values
    }

    func replace(_ table: Table, _ columns: String, _ values: [[UInt8]]) throws(DatabaseError) {
        let places = values.map { _ in "?" }.joined(separator: ",")
        try connection.run("INSERT OR REPLACE INTO \(table.rawValue) (\(columns)) VALUES (\(places))", values)
    }

    func delete(_ table: Table, where condition: String, _ values: [[UInt8]]) throws(DatabaseError) -> Int {
        try connection.run("DELETE FROM \(table.rawValue) WHERE \(condition)", values)
    }
}
