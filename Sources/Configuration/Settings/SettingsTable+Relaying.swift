extension SettingsTable {
    /// Where peers are met.
    static let relaying = SettingSection(
        "Relaying", "The addresses and ports that the server lends to its clients, and the threads that do the work."
    ) {
        Setting(
            "relay-ip", .address, adds: \.relayAddresses, short: "E",
            default: "the listening addresses",
            summary: "Local address to relay from; repeat for several.")
        Setting(
            "external-ip", .externalAddress, adds: \.externalAddresses, short: "X",
            summary: "Public address in front of a NAT, as clients shall see it.",
            note: "The form public/private maps one relay address, public alone maps all of its family. "
                + "Repeat it for several addresses, or for IPv4 and IPv6.",
            differs: .set("coturn also looks up a host name at start; here it must be an address."))
        Setting("min-port", .port, sets: \.minPort, summary: "Lowest port of the relay addresses.")
        Setting("max-port", .port, sets: \.maxPort, summary: "Highest port of the relay addresses.")
        Setting(
            "allocation-default-address-family", .word(), sets: \.allocationDefaultAddressFamily, short: "A",
            summary: "Family of the relay address when a client asks for none.",
            note: "keep is the family over which the client came.", reload: .live)
        Setting(
            "keep-address-family", .choice(.keep, otherwise: .ipv4), sets: \.allocationDefaultAddressFamily, short: "K",
            summary: "Old name for allocation-default-address-family=keep.", reload: .live)
        Setting(
            "relay-threads", .number(0...1024), sets: \.relayThreads, short: "m",
            summary: "Number of worker threads; 0 for one per CPU.",
            differs: .set("0 means one thread per CPU; in coturn it means a single thread."))
        Setting(
            "cpus", .number(0...1024), sets: \.cpus, summary: "Number of CPUs to count on; 0 for all.",
            note: "For containers that may use fewer CPUs than the machine has. relay-threads overrides it.")
        Setting(
            "tcp-relay", .flag, sets: \.tcpRelay,
            summary: "Relay TCP connections too, for clients over TCP or TLS (RFC 6062).",
            note: "No browser asks for it. Clients so reach what listens on TCP, where the peer rules let them.",
            differs: .unset("coturn relays TCP unless no-tcp-relay is set."))
        Setting("no-tcp-relay", .negation, sets: \.tcpRelay, summary: "Old way to turn tcp-relay off.")
        Setting(
            "tcp-relay-min-peer-port", .number(1...65535), sets: \.tcpRelayMinPeerPort,
            summary: "Lowest port of a peer that clients may connect to.",
            note: "Not in coturn. Below lie the ports of mail, shells and the like, which expect no strangers.")
        Setting(
            "tcp-relay-connects-per-minute", .count, sets: \.tcpRelayConnectsPerMinute,
            summary: "Connections that one user may begin in a minute; 0 for no limit.",
            note: "Not in coturn. Without it clients could search hosts for open ports. Counted by each worker thread.")
        Setting(
            "no-udp-relay", .flag, sets: \.noUDPRelay, summary: "Do not relay over UDP: such an Allocate gets 442.")
        Setting.notBuilt("relay-device", .text("<name>"), short: "i", "Network interface to relay from.")
        Setting.notBuilt("multiplex-peer", .flag, "Share relay sockets among allocations.")
        Setting.notBuilt("multiplex-peer-port", .port, "Port of the shared relay sockets.")
        Setting.notBuilt("multiplex-peer-max-peers", .count, "Peers of one allocation on shared relay sockets.")
        Setting.always("udp-gso", .flag, "Runs of datagrams of one size leave with generic segmentation offload.")
        Setting(
            "moderation", .word(), sets: \.moderation,
            summary: "Let packets wait a little under medium load: off or adaptive.",
            note:
                "It saves processor time. Above 4000 packets a second in a worker, packets wait up to moderation-delay so "
                + "that more of them share a wake-up. Below that, and close to saturation, none waits.")
        Setting(
            "moderation-delay", .number(50...10_000, "<microseconds>"), sets: \.moderationDelayMicroseconds,
            summary: "The longest that moderation lets a packet wait, in microseconds.")
        Setting(
            "offload", .word(), sets: \.offload,
            summary: "Relay established channels inside the kernel: off, tc or xdp.",
            note: "Not in coturn. It serves UDP clients with channels and bypasses the firewall of this machine; "
                + "read Docs/offload.md first. tc works on every interface, xdp needs a driver that has it.")
        Setting(
            "offload-interface", .text("<name>"), adds: \.offloadInterfaces,
            default: "those with the server's addresses",
            summary: "Network interface on which the kernel relays; repeat for several.",
            note: "Not in coturn. Name every one by which clients or peers are reached. xdp needs them named."
        ) { name, _ in name ?? "" }
        Setting.noEffect("server-relay", .flag, "The permission check on what peers send cannot be switched off.")
    }
}
