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
            "sock-buf-size", .number(0...1_073_741_824, "<bytes>"), sets: \.socketBufferSize,
            summary: "Size of the socket buffers; 0 leaves it to the kernel.",
            note: "The kernel grants no more than net.core.rmem_max and net.core.wmem_max.")
        Setting.always("udp-recvmmsg", .flag, "Datagrams are always received and sent in batches.")
        Setting.notBuilt(
            "alt-tls-listening-port", .number(0...65535, "<port>"), "Second TLS port for behaviour discovery.")
        Setting.notBuilt("tcp-proxy-port", .port, "Port for TCP behind a load balancer that speaks PROXY v2.")
        Setting.notBuilt("listening-device", .text("<name>"), short: "d", "Network interface to listen on.")
        Setting.notBuilt("aux-server", .text("<address:port>"), repeats: true, "Further address and port to listen on.")
        Setting.notBuilt("udp-self-balance", .flag, "Balance UDP clients over the aux-servers.")
        Setting.notBuilt("respond-http-unsupported", .flag, "Answer HTTP requests with an error.")
        Setting.noEffect("ne", .text("<number>"), "There is one network engine.")
    }
}
