extension RelayResources {
    /// The limits on what can be held. Zero is no limit, everywhere.
    package struct Limits: Sendable, Equatable {
        /// The limits of one realm; nil where it has none of its own.
        package struct OfRealm: Sendable, Equatable {
            /// Allocations of one of its users at a time, instead of `Limits.userQuota`.
            package var userQuota: Int?
            /// Allocations of all its users at a time, beside `Limits.totalQuota`.
            package var totalQuota: Int?

            /// Bytes per second of one session, each way, instead of `Limits.sessionBytesPerSecond`.
            package var sessionBytesPerSecond: Int?

            /// Joins the three.
            package init(userQuota: Int? = nil, totalQuota: Int? = nil, sessionBytesPerSecond: Int? = nil) {
                self.userQuota = userQuota
                self.totalQuota = totalQuota
                self.sessionBytesPerSecond = sessionBytesPerSecond
            }
        }

        /// Allocations of one user at a time.
        package var userQuota: Int
        /// Allocations of all users at a time.
        package var totalQuota: Int
        /// Payload bytes per second of one session, each way.
        package var sessionBytesPerSecond = 0
        /// Payload bytes per second of all sessions of one user, each way.
        package var userBytesPerSecond = 0
        /// Bytes per second that all sessions may have been promised together, by the rates above.
        package var capacityBytesPerSecond = 0
        /// What realms have of their own, by REALM.
        package var realms: [[UInt8]: OfRealm] = [:]

        /// Limits for all realms alike.
        package init(userQuota: Int = 0, totalQuota: Int = 0) {
            self.userQuota = userQuota
            self.totalQuota = totalQuota
        }

        func userQuota(in realm: [UInt8]) -> Int { realms[realm]?.userQuota ?? userQuota }

        func realmQuota(of realm: [UInt8]) -> Int { realms[realm]?.totalQuota ?? 0 }

        func sessionRate(in realm: [UInt8]) -> Int { realms[realm]?.sessionBytesPerSecond ?? sessionBytesPerSecond }

        /// Whether there is bandwidth for one more session of a realm, beside so many sessions of each realm that carry all
        /// they may. A session without a limit takes nothing of it.
        func haveRoom(beside sessions: [[UInt8]: Int], for realm: [UInt8]) -> Bool {
            let rate = sessionRate(in: realm)
            guard capacityBytesPerSecond > 0, rate > 0 else { return true }
            var taken = rate
            for (realm, count) in sessions {
                let (share, isBeyond) = sessionRate(in: realm).multipliedReportingOverflow(by: count)
                let (sum, isBeyondToo) = taken.addingReportingOverflow(share)
                guard !isBeyond, !isBeyondToo else { return false }
                taken = sum
            }
            return taken <= capacityBytesPerSecond
        }
    }
}
