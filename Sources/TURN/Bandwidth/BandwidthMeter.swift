package import Timing

/// What a session may carry in a second, and has carried of late. A plain value of its allocation, so that a datagram costs
/// a load, a comparison and a store; where nothing is limited, one comparison.
@safe
package struct BandwidthMeter: Sendable, BitwiseCopyable {
    /// Whether anything is limited.
    private(set) var isLimited = false
    /// The rate of the session itself.
    package private(set) var session = ByteRate.unlimited
    /// The rate of all sessions of its user.
    package private(set) var user = ByteRate.unlimited
    private var toPeer = LeakyBucket()
    private var toClient = LeakyBucket()
    /// The user's buckets. `RelayResources` keeps them as long as the user holds an allocation, and so longer than this.
    private var shared: Unmanaged<UserBuckets>?

    /// No limits.
    init() {}

    /// Has other limits hold from now on. What was carried under the old ones counts on.
    mutating func follow(_ limits: BandwidthLimits) {
        (session, user, isLimited) = (limits.session, limits.user, limits.isLimited)
        unsafe shared = limits.shared.map { unsafe Unmanaged.passUnretained($0) }
    }

    /// Counts so many bytes, if there is room for them; otherwise the limit that they would break.
    mutating func admit(_ byteCount: Int, _ direction: RelayDirection, now: Instant) -> DropReason? {
        guard let own = session.pour(byteCount, into: self[direction], now: now) else { return .overSessionRate }
        if let users = bucketOfUser(direction) {
            guard let fuller = user.pour(byteCount, into: users, now: now) else { return .overUserRate }
            setBucketOfUser(direction, fuller)
        }
        self[direction] = own
        return nil
    }

    /// Counts bytes that were carried already, whether there was room for them or not.
    mutating func count(_ byteCount: Int, _ direction: RelayDirection, now: Instant) {
        self[direction] = self[direction].adding(nanoseconds: session.nanoseconds(for: byteCount), now: now)
        guard let users = bucketOfUser(direction) else { return }
        setBucketOfUser(direction, users.adding(nanoseconds: user.nanoseconds(for: byteCount), now: now))
    }

    /// How many bytes there is room for; all that there are where nothing is limited.
    func room(_ direction: RelayDirection, now: Instant) -> Int {
        let own = session.room(in: self[direction], now: now)
        guard let users = bucketOfUser(direction) else { return own }
        return min(own, user.room(in: users, now: now))
    }

    // MARK: - Buckets

    private subscript(direction: RelayDirection) -> LeakyBucket {
        get { direction == .toPeer ? toPeer : toClient }
        set {
            switch direction {
            case .toPeer: toPeer = newValue
            case .toClient: toClient = newValue
            }
        }
    }

    private func bucketOfUser(_ direction: RelayDirection) -> LeakyBucket? {
        unsafe shared?._withUnsafeGuaranteedRef { $0[direction] }
    }

    private func setBucketOfUser(_ direction: RelayDirection, _ bucket: LeakyBucket) {
        unsafe shared?._withUnsafeGuaranteedRef { $0.set(direction, to: bucket) }
    }
}
