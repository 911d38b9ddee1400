/// Names an allocation for as long as it lives; stale after it, even when its place is taken again.
package struct AllocationID: Hashable, Sendable, BitwiseCopyable {
    /// Where it stands in its worker's table.
    package let index: UInt32
    /// Tells it from the earlier and later ones in the same place.
    package let generation: UInt32

    /// Joins the two.
    @inlinable
    package init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }
}
