import TURN

/// The questions a worker has not answered yet, and how far it is with the first of them.
struct QuestionQueue {
    /// How far the first question is answered.
    enum Progress {
        /// Not begun.
        case none
        /// Looking through the table.
        case listing(next: UInt32, found: [SessionSummary])
        /// Ending what matches.
        case ending(next: UInt32, count: Int)
        /// Adding up; the tally stands in the engine, which knows what ends meanwhile.
        case tallying
    }

    private var questions: [WorkerQuestion] = []
    var progress = Progress.none

    var isEmpty: Bool { questions.isEmpty }

    /// The one to be answered.
    var first: WorkerQuestion? { questions.first }

    mutating func append(_ question: WorkerQuestion) { questions.append(question) }

    /// The first has its answer.
    mutating func removeFirst() {
        questions.removeFirst()
        progress = .none
    }
}
