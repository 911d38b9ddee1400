/// Tells which reading of the user database counts when several are under way: the one that began last, as it has seen
/// whatever was written before.
struct DatabaseReadings: Sendable {
    private var begun: UInt64 = 0
    private var used: UInt64 = 0

    /// The number of a reading that begins now.
    mutating func begin() -> UInt64 {
        begun += 1
        return begun
    }

    /// Whether to use what a reading has found; not when one that began later is in use.
    mutating func use(_ reading: UInt64) -> Bool {
        guard reading > used else { return false }
        used = reading
        return true
    }
}
