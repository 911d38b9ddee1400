/// Which of the server's workers an engine serves. What a client may bring to any of them carries this in its name.
package struct WorkerPlace: Sendable, BitwiseCopyable {
    /// From 0.
    package let index: UInt32
    /// How many workers there are, at least one.
    package let count: UInt32

    /// The only worker.
    package static let alone = WorkerPlace(index: 0, of: 1)

    /// One of several.
    package init(index: UInt32, of count: UInt32) {
        precondition(index < count)
        self.index = index
        self.count = count
    }
}
