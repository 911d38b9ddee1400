// The daemon: reads the configuration, and does what it asks for.

import Configuration
import Glibc

switch ConfigurationLoader.load(arguments: Array(CommandLine.arguments.dropFirst()), readFile: FileReader.read) {
case .help(let text):
    print(text, terminator: "")
case .version:
    print(Version.text)
case .report(let text, let wouldStart):
    print(text, terminator: "")
    exit(wouldStart ? 0 : LoadOutcome.refusalStatus)
case .refuse(let problems):
    for problem in problems { StandardError.write("\(problem)") }
    exit(LoadOutcome.refusalStatus)
case .run(let loaded):
    do throws(DaemonError) {
        try Daemon.run(loaded)
    } catch {
        StandardError.write("turnserver: \(error)")
        exit(1)
    }
}
