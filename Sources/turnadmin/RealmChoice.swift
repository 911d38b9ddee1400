import ArgumentParser

/// Which realm is meant.
struct RealmChoice: ParsableArguments {
    @Option(name: .customLong("realm"), help: "The realm; the server's own without it.") var name: String?

    /// As the interface takes it.
    var query: [(String, String)] { name.map { [("realm", $0)] } ?? [] }
}
