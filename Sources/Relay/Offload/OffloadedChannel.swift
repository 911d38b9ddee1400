import Offload
import TURN

/// A channel that is relayed without the engine.
struct OffloadedChannel: BitwiseCopyable {
    /// Whose traffic it is.
    let allocation: AllocationID
    /// What those who relay it call it.
    let handle: OffloadHandle
    /// What the engine has been told of.
    var told = OffloadCounters()
}
