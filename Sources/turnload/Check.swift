import ArgumentParser

/// What several commands ask of their options.
enum Check {
    /// Refuses a number of sessions that this machine could not hold anyway.
    static func sessions(_ count: Int) throws {
        guard (1...1_000_000).contains(count) else { throw ValidationError("--sessions is to be 1 to 1000000") }
    }

    /// Refuses a number that is not positive.
    static func positive(_ name: String, _ value: Double?) throws {
        guard let value else { return }
        guard value > 0, value <= 1e9 else { throw ValidationError("\(name) is to be more than 0") }
    }
}
