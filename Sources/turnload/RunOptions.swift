import ArgumentParser
import LoadTest

/// How long a run takes, and where.
struct RunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How long to measure.", valueName: "seconds"))
    var duration = 5.0

    @Option(help: ArgumentHelp("How long the load is on before it is measured.", valueName: "seconds"))
    var warmUp = 0.5

    @Option(help: ArgumentHelp("Stay on this processor.", valueName: "number"))
    var cpu: Int?

    @Flag(help: "Spin instead of sleeping between packets: more exact, but takes a whole processor.")
    var spin = false

    func validate() throws {
        guard duration > 0, duration <= 86_400, (0...3600).contains(warmUp) else {
            throw ValidationError("--duration is to be more than 0 and at most a day")
        }
    }

    /// Puts the options into a plan.
    func apply(to plan: inout LoadPlan) {
        plan.durationSeconds = duration
        plan.warmUpSeconds = warmUp
        plan.processor = cpu
        plan.spins = spin
    }
}
