extension SettingsTable {
    /// Whom clients may reach.
    static let peers = SettingSection(
        "Peers",
        "Whom clients may reach. Private, loopback, link-local, multicast and all other special-purpose addresses are "
            + "denied from the start, in whatever form an address is written. Of two rules the more specific one "
            + "counts; of two for the same range, the one that allows.",
        reload: .live
    ) {
        Setting(
            "denied-peer-ip", .range, adds: \.peerRules,
            summary: "Peers that clients may not reach; repeat for several.",
            note: "An address, first-last, or a block such as 192.0.2.0/24 (which coturn does not take).",
            differs: .set("The more specific rule wins; in coturn every allowed-peer-ip beats every denied-peer-ip.")
        ) { range, origin in PeerRule(range: range, allow: false, source: origin.description) }
        Setting(
            "allowed-peer-ip", .range, adds: \.peerRules,
            default: "public addresses",
            summary: "Peers that clients may reach all the same; repeat for several.",
            note: "It also opens ranges that are denied from the start, such as a private network of media servers.",
            differs: .always("coturn denies few special-purpose ranges by itself; private networks are open there.")
        ) { range, origin in PeerRule(range: range, allow: true, source: origin.description) }
        Setting(
            "allow-loopback-peers", .flag, sets: \.allowLoopbackPeers,
            summary: "Let clients reach this machine's loopback. For tests only.")
        Setting.always("no-multicast-peers", .flag, "Multicast peers are denied from the start.")
        Setting.always("no-loopback-peers", .flag, "Loopback peers are denied from the start.")
    }
}
