import Configuration
import Logging

extension Logger {
    /// Logs what there is to say about a configuration, each problem with its file and line.
    func report(_ problems: [ConfigurationProblem]) {
        for problem in problems {
            switch problem.severity {
            case .error: error("configuration", metadata: ["problem": "\(problem)"])
            case .warning: warning("configuration", metadata: ["problem": "\(problem)"])
            case .note: debug("configuration", metadata: ["problem": "\(problem)"])
            }
        }
    }
}
