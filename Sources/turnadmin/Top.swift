import AdminClient
import ArgumentParser

/// The busiest sessions, drawn anew again and again.
struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The busiest sessions, drawn anew every second. Ctrl-C ends it.")
    @Option(help: "Seconds between two pictures.") var interval = 1.0
    @Option(help: ArgumentHelp("Stop after so many pictures.", valueName: "pictures")) var count: Int?
    @OptionGroup var filter: SessionFilter
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard interval >= 0.1, interval <= 3600 else { throw ValidationError("--interval is to be 0.1 to 3600") }
    }

    func run() async throws {
        let list = SessionList(connection: try server.connection(), query: filter.query)
        var before: TrafficRates?
        var pictures = 0
        while true {
            let rates = TrafficRates(try await list.sessions(), at: ContinuousClock.now, after: before)
            draw(rates)
            before = rates
            pictures += 1
            if let count, pictures >= count { return }
            try await Task.sleep(for: .seconds(interval))
        }
    }

    private func draw(_ rates: TrafficRates) {
        let size = Terminal.size
        let rows = size.map { max($0.rows - 3, 1) } ?? rates.sessions.count
        let heading = "\(rates.sessions.count) sessions, \(BitRate.text(rates.total)) relayed"
        let table = Table(
            ["SESSION", "USER", "CLIENT", "VIA", "TO PEERS", "TO CLIENT", "AGE"],
            rows: rates.sessions.prefix(rows).map { $0.cells })
        let lines = [heading] + table.lines(width: size?.columns)
        // Home, each line cleared to its end, and what is below: a picture that is drawn over does not flicker.
        let isTerminal = size != nil
        let picture = lines.map { $0 + (isTerminal ? "\u{1B}[K\n" : "\n") }.joined()
        Terminal.write(isTerminal ? "\u{1B}[H" + picture + "\u{1B}[J" : picture)
    }
}
