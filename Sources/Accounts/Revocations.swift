import Synchronization

/// User names that are refused although their credentials are good: credentials of the TURN REST API that leaked, users
/// who must not come back before their account is gone. Workers look here at each authenticated request.
///
/// The store is bounded, and lives as long as the server: a reload changes accounts and leaves it alone.
package final class Revocations: Sendable {
    /// A user name that is refused.
    package struct Entry: Sendable, Equatable {
        /// The user name, byte for byte.
        package let username: [UInt8]
        /// The last second, since 1970-01-01 UTC, at which it is refused; nil until it is taken back.
        package let until: Int64?

        /// Joins the two.
        package init(username: [UInt8], until: Int64?) {
            self.username = username
            self.until = until
        }
    }

    /// How many there can be.
    package static let capacity = 100_000

    private let entries = Mutex<[[UInt8]: Int64]>([:])
    /// Whether there is any, so that nobody takes the lock for nothing.
    private let isInUse = Atomic<Bool>(false)

    /// None yet.
    package init() {}

    /// Whether a user name is refused.
    package func contains(_ username: [UInt8], unixSeconds: Int64) -> Bool {
        guard isInUse.load(ordering: .relaxed) else { return false }
        return entries.withLock { entries in entries[username].map { unixSeconds <= $0 } ?? false }
    }

    /// Refuses a user name from now on; false when there is no more room, after all that is over has made some.
    package func insert(_ entry: Entry, unixSeconds: Int64) -> Bool {
        guard unixSeconds <= entry.until ?? .max else { return true }  // it opens nothing as it is
        return entries.withLock { entries in
            if entries.count >= Self.capacity, entries[entry.username] == nil {
                entries = entries.filter { unixSeconds <= $0.value }
                guard entries.count < Self.capacity else { return false }
            }
            entries[entry.username] = entry.until ?? .max
            isInUse.store(true, ordering: .relaxed)
            return true
        }
    }

    /// Takes a revocation back; false when there is none.
    package func remove(_ username: [UInt8]) -> Bool {
        entries.withLock { entries in
            guard entries.removeValue(forKey: username) != nil else { return false }
            if entries.isEmpty { isInUse.store(false, ordering: .relaxed) }
            return true
        }
    }

    /// Those that are not over, by user name.
    package func list(unixSeconds: Int64) -> [Entry] {
        entries.withLock { $0 }.filter { unixSeconds <= $0.value }
            .map { Entry(username: $0.key, until: $0.value == .max ? nil : $0.value) }
            .sorted { $0.username.lexicographicallyPrecedes($1.username) }
    }
}
