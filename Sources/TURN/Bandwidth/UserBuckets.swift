import Synchronization
import Timing

/// What the sessions of one user have carried of late, each way. Sessions of several workers fill the same two buckets,
/// without a lock and without an atomic read-modify-write: what one of them adds in the few nanoseconds between another's
/// reading and writing is not counted, which a limit of rate can bear.
final class UserBuckets: Sendable {
    private let toPeer = Atomic<UInt64>(0)
    private let toClient = Atomic<UInt64>(0)

    /// The bucket of a direction as it is now.
    subscript(direction: RelayDirection) -> LeakyBucket {
        let nanoseconds =
            switch direction {
            case .toPeer: toPeer.load(ordering: .relaxed)
            case .toClient: toClient.load(ordering: .relaxed)
            }
        return LeakyBucket(emptyAt: Instant(nanoseconds: nanoseconds))
    }

    /// Puts another bucket in its place.
    func set(_ direction: RelayDirection, to bucket: LeakyBucket) {
        switch direction {
        case .toPeer: toPeer.store(bucket.emptyAt.nanoseconds, ordering: .relaxed)
        case .toClient: toClient.store(bucket.emptyAt.nanoseconds, ordering: .relaxed)
        }
    }
}
