extension RelayResources {
    /// The limits on what can be held. Zero is no limit, everywhere.
    package struct Limits: Sendable, Equatable {
        /// The limits of one realm; nil where it has none of its own.
        package struct OfRealm: Sendable, Equatable {
            /// Allocations of one of its users at a time, instead of `Limits.userQuota`.
            package var userQuota: Int?
            /// Allocations of all its users at a time, beside `Limits.totalQuota`.
            package var totalQuota: Int?

            /// Joins the two.
            package init(userQuota: Int? = nil, totalQuota: Int? = nil) {
                self.userQuota = userQuota
                self.totalQuota = totalQuota
            }
        }

        /// Allocations of one user at a time.
        package var userQuota: Int
        /// Allocations of all users at a time.
        package var totalQuota: Int
        /// What realms have of their own, by REALM.
        package var realms: [[UInt8]: OfRealm] = [:]

        /// Limits for all realms alike.
        package init(userQuota: Int = 0, totalQuota: Int = 0) {
            self.userQuota = userQuota
            self.totalQuota = totalQuota
        }

        func userQuota(in realm: [UInt8]) -> Int { realms[realm]?.userQuota ?? userQuota }

        func realmQuota(of realm: [UInt8]) -> Int { realms[realm]?.totalQuota ?? 0 }
    }
}
