import Timing

// Limits of bandwidth. Datagrams beyond one are dropped, as on a path that is narrow; connections are slowed down.

extension Engine {
    /// What a session may carry: for whoever carries its packets instead.
    package mutating func bandwidth(of id: AllocationID) -> BandwidthMeter? {
        allocations.isLive(id) ? allocations[id.index].bandwidth : nil
    }

    /// Whether so many bytes more may pass through an allocation. If so they are counted against its limits, otherwise
    /// among what it has dropped.
    @inline(__always)
    mutating func admits(_ byteCount: Int, _ direction: RelayDirection, of index: UInt32, now: Instant) -> Bool {
        allocations[index].bandwidth.isLimited ? meter(byteCount, direction, of: index, now: now) : true
    }

    @inline(never)
    private mutating func meter(_ byteCount: Int, _ direction: RelayDirection, of index: UInt32, now: Instant) -> Bool {
        guard let reason = allocations[index].bandwidth.admit(byteCount, direction, now: now) else { return true }
        _ = drop(reason, on: index)
        return false
    }

    /// Has an allocation follow the limits as they are now.
    mutating func limitBandwidth(of index: UInt32) {
        allocations[index].bandwidth.follow(resources.bandwidth(of: allocations.owner(of: index).quotaHolder))
    }

    /// Has all allocations follow the limits, if those are others than before.
    mutating func followLimits<Host: RelayHost & ~Copyable>(now: Instant, host: inout Host) {
        let limits = resources.limits
        guard limits != followedLimits else { return }
        followedLimits = limits
        for index in allocations.liveIndices {
            limitBandwidth(of: index)
            offloadChannels(of: index, now: now, host: &host)
        }
    }
}
