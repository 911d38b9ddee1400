extension SettingsTable {
    /// How much of everything.
    static let limits = SettingSection("Limits", "How much one client, and all of them, may have.", reload: .live) {
        Setting(
            "user-quota", .count, sets: \.userQuota, short: "q",
            summary: "Allocations of one user at a time; 0 for no limit.",
            note: "A call takes one to four allocations per participant. Raise it where one account serves everybody.",
            differs: .unset("coturn has no limit."))
        Setting(
            "total-quota", .count, sets: \.totalQuota, short: "Q",
            summary: "Allocations of all users at a time; 0 for no limit.",
            differs: .unset("coturn has no limit."))
        Setting(
            "max-allocate-lifetime", .seconds(), sets: \.maxAllocateLifetimeSeconds,
            summary: "Longest lifetime that an allocation is granted.")
        Setting(
            "channel-lifetime", .seconds(), sets: \.channelLifetimeSeconds,
            summary: "Lifetime of a channel binding; RFC 8656 says 600.")
        Setting(
            "permission-lifetime", .seconds(), sets: \.permissionLifetimeSeconds,
            summary: "Lifetime of a permission; RFC 8656 says 300.")
        Setting(
            "max-allocate-timeout", .seconds(), sets: \.maxAllocateTimeoutSeconds,
            summary: "How long a connection may stay without an allocation.")
        Setting(
            "max-permissions-per-allocation", .number(1...65536), sets: \.maxPermissionsPerAllocation,
            summary: "Permissions of one allocation at a time.", note: "Not in coturn.")
        Setting(
            "max-channels-per-allocation", .number(1...16384), sets: \.maxChannelsPerAllocation,
            summary: "Channels of one allocation at a time.", note: "Not in coturn.")
        Setting(
            "max-connections-per-allocation", .number(1...1024), sets: \.maxConnectionsPerAllocation,
            summary: "TCP connections of one allocation with peers at a time; see tcp-relay.", note: "Not in coturn.")
        Setting(
            "max-connections-per-source", .count, sets: \.maxConnectionsPerSource,
            summary: "TCP connections of one address at a time (IPv6: of one /64); 0 for no limit.",
            note: "Not in coturn. A whole office may sit behind one address. The kernel deals connections out to the "
                + "workers, and each admits its share of the number.",
            reload: .restart)
        Setting(
            "max-unauthenticated-connections", .number(1...1_000_000), sets: \.maxUnauthenticatedConnections,
            summary: "TCP connections without an allocation at a time.",
            note: "Not in coturn. When more come, those that came longest ago are closed.",
            reload: .restart)
        Setting(
            "unauthorized-ratelimit", .flag, sets: \.unauthorizedRateLimit,
            summary: "Limit replies to requests without valid credentials, per source.",
            note: "It keeps the server from being a mirror for forged requests.",
            differs: .unset("coturn does not limit unless asked to."))
        Setting(
            "unauthorized-ratelimit-rps", .count, sets: \.unauthorizedRateLimitPerSecond,
            summary: "Such replies per second and source; 0 for no limit.")
        Setting(
            "unauthorized-ratelimit-burst", .number(1...1_000_000), sets: \.unauthorizedRateLimitBurst,
            summary: "Such replies in one burst.",
            note: "Not in coturn. Many people behind one address start at the same time.")
        Setting(
            "max-bps", .bytesPerSecond, sets: \.maxBytesPerSecond, short: "s",
            summary: "Bytes per second of one session, each way; 0 for no limit.",
            note: "Bytes, not bits, of payload. After a pause a second's worth may come at once. Datagrams beyond it "
                + "are dropped and counted, TCP connections with peers are slowed down. A realm of the user database may "
                + "have its own.")
        Setting(
            "max-bps-per-user", .bytesPerSecond, sets: \.maxBytesPerSecondPerUser,
            summary: "Bytes per second of all sessions of one user together, each way; 0 for no limit.",
            note: "Not in coturn.")
        Setting(
            "bps-capacity", .bytesPerSecond, sets: \.capacityBytesPerSecond, short: "B",
            summary: "Bytes per second that all sessions together may be promised; 0 for no limit.",
            note: "Each session takes its max-bps of it for as long as it lives, whatever it carries. One for which "
                + "that is not left is refused with 508.",
            differs: .set(
                "coturn gives the last session what is left, however little, and refuses the next one with 486."))
    }
}
