// The daemon: reads the configuration, and does what it asks for.

import Configuration
import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
switch ConfigurationLoader.load(arguments: arguments, readFile: FileReader.read) {
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
        try Daemon.run(loaded, arguments: arguments)
    } catch {
        StandardError.write("turnserver: \(error)")
        exit(1)
    }
}
