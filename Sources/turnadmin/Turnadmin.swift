import AdminClient
import ArgumentParser
import Configuration

/// The command line.
@main
struct Turnadmin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "turnadmin",
        abstract: "Shows and steers a running server, and keeps its user database.",
        discussion: """
            Asks over the Unix socket of the admin interface, or with --url over HTTP. coturn's options (-a, -d, -l, -k, -s, \
            -S, -X ...) work on a database file: turnadmin database --help.

            Exit status: 0 done; 1 the doctor found a fault, or the database refused; 3 nobody answers; 4 the server refused; \
            5 there is no such thing; 6 the answer makes no sense; 64 the command line is wrong.
            """,
        version: Version.text,
        subcommands: [
            Status.self, Sessions.self, End.self, Top.self, Watch.self, Users.self, Secrets.self, Revocations.self,
            Credential.self, Policy.self, Drain.self, Reload.self, LogLevel.self, Metrics.self, Health.self,
            DoctorCommand.self, DatabaseCommand.self,
        ],
        defaultSubcommand: DatabaseCommand.self)

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as AdminFailure {
            StandardError.write("turnadmin: \(failure)")
            exit(withError: ExitCode(failure.exitStatus))
        } catch {
            exit(withError: error)
        }
    }
}
