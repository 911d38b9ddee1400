extension SettingsTable {
    /// Where clients are heard.
    static let listening = SettingSection("Listening", "Where the server hears its clients.") {
        Setting(
            "listening-ip", .address, adds: \.listeningAddresses, short: "L",
            default: "all addresses",
            summary: "Address to listen on; repeat for several.")
        Setting(
            "listening-port", .port, sets: \.listeningPort, short: "p",
            summary: "Port for clients over UDP and TCP.",
            note: "Clients over TLS are served here too: the first byte of a connection tells.")
        Setting(
            "tls-listening-port", .port, sets: \.tlsListeningPort, summary: "Port for clients over TLS and DTLS.",
            note: "There is TLS when there are cert and pkey. Clients over plain TCP are served here too, unless "
                + "no-tcp.")
        Setting(
            "alt-listening-port", .number(0...65535, "<port>"), sets: \.alternateListeningPort,
            default: "listening-port + 1",
            summary: "Second port for behaviour discovery, with rfc5780.")
        Setting("no-udp", .flag, sets: \.noUDP, summary: "Do not listen for clients over UDP.")
        Setting("no-tcp", .flag, sets: \.noTCP, summary: "Do not serve clients over TCP without TLS.")
        Setting("no-tls", .flag, sets: \.noTLS, summary: "Do not serve clients over TLS.")
        Setting(
            "dtls", .flag, sets: \.dtls, summary: "Serve clients over DTLS 1.2, on both UDP ports.",
            note: "Needs cert and pkey. The first byte of a datagram tells DTLS from STUN.")
        Setting("no-dtls", .negation, sets: \.dtls, summary: "Old way to turn dtls off.")
        Setting(
            "tcp-proxy-port", ValueForm<UInt16>.port.optional(), sets: \.tcpProxyPort, default: "none",
            summary: "Port for TCP and TLS behind a load balancer that speaks PROXY.",
            note:
                "Every connection must begin with the header, of version 1 or 2. Name the load balancers in proxy-protocol-from: without "
                + "it, whoever reaches the port may claim to be anybody.",
            differs: .set("coturn takes version 2 alone, and no TLS on this port."))
        Setting(
            "proxy-protocol-from", .range, adds: \.proxies, default: "nobody",
            summary: "Load balancers that speak PROXY, on whatever port; repeat for several.",
            note:
                "Not in coturn. A connection of theirs without the header is closed, and so is one of anybody else with "
                + "it. Their word about the client's address is believed.")
        Setting(
            "aux-server", .endpoint, adds: \.auxiliaryAddresses, default: "none",
            summary: "Further address and port to listen on, for UDP and TCP; repeat for several.",
            note: "Clients with TLS and DTLS are served there as on the other ports. Behaviour discovery is not.")
        Setting(
            "listening-device", .text("<name>"), sets: \.listeningDevice, short: "d", default: "any",
            summary: "Network interface through which alone clients are heard.",
            note: "Peers are met through any interface.")
        Setting(
            "sock-buf-size", .number(0...1_073_741_824, "<bytes>"), sets: \.socketBufferSize,
            summary: "Size of the socket buffers; 0 leaves it to the kernel.",
            note: "The kernel grants no more than net.core.rmem_max and net.core.wmem_max.")
        Setting.always("udp-recvmmsg", .flag, "Datagrams are always received and sent in batches.")
        Setting.notBuilt(
            "alt-tls-listening-port", .number(0...65535, "<port>"), "Second TLS port for behaviour discovery.")
        Setting.notBuilt("udp-self-balance", .flag, "Balance UDP clients over the aux-servers.")
        Setting.notBuilt("respond-http-unsupported", .flag, "Answer HTTP requests with an error.")
        Setting.noEffect("ne", .text("<number>"), "There is one network engine.")
    }
}
