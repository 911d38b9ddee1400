/// One stream of one session: how far it was sent, and how far it came.
struct Flow {
    /// Whether its session carries data now.
    var isActive = false
    /// Whether it stands in the schedule.
    var isScheduled = false
    /// The number of the packet sent next.
    var nextSequence: UInt32 = 0
    /// The number that the packet after the furthest arrived one has.
    var nextExpected: UInt32 = 0
}
