import ArgumentParser

/// Which sessions are meant.
struct SessionFilter: ParsableArguments {
    @Option(help: "Of this user.") var user: String?
    @Option(help: "Of this realm.") var realm: String?
    @Option(help: ArgumentHelp("Of clients at this address.", valueName: "address")) var client: String?
    @Option(help: ArgumentHelp("That may reach this peer.", valueName: "address")) var peer: String?
    @Option(help: "Over udp, tcp, tls or dtls.") var transport: String?

    /// As the interface takes it.
    var query: [(String, String)] {
        [("user", user), ("realm", realm), ("client", client), ("peer", peer), ("transport", transport)]
            .compactMap { name, value in value.map { (name, $0) } }
    }
}
