package import Addressing
package import Cryptography
import Synchronization
package import Timing

/// What all workers draw from: relay ports, quotas and reservations. Only making and ending an allocation comes here, so a
/// lock is fine; the relay path never does. Check and act are one step, so that counts are exact under any race.
package final class RelayResources: Sendable {
    /// Whether a user may have one more allocation.
    package enum Admission: Sendable {
        case admitted
        case userQuotaReached
        case totalQuotaReached
        /// The bandwidth of the server is promised to others (`bps-capacity`).
        case bandwidthTaken
    }

    /// What a user holds.
    private struct Holding {
        var allocations = 0
        /// What all of them carry together; nil where that is not limited.
        var buckets: UserBuckets?
    }

    /// A port of one of the relay addresses.
    package struct Port: Sendable, Equatable {
        /// Which of `addresses` it belongs to.
        package let poolIndex: Int
        /// The port.
        package let number: UInt16
    }

    /// How a relay port is wished for.
    package enum Wish: Sendable {
        /// Any port.
        case any
        /// An even port.
        case even
        /// An even port, with the next one held back for a reservation.
        case evenWithNext
    }

    private struct State: ~Copyable {
        var pools: [PortPool]
        var limits: Limits
        var users: [QuotaHolder: Holding] = [:]
        /// Allocations by realm.
        var realms: [[UInt8]: Int] = [:]
        var total = 0
        var reservations: [UInt64: Reservation] = [:]
        /// No reservation lapses before this.
        var earliestExpiry = Instant.distantFuture
        var random: RandomPool
    }

    /// Where the allocations are that may move.
    package let mobility = MobilityDirectory()
    /// The relay addresses, by pool index.
    package let addresses: [RelayAddress]
    private let state: Mutex<State>

    /// The ports `ports` of each of `addresses`.
    package init(
        addresses: [RelayAddress], ports: ClosedRange<UInt16>, limits: Limits = Limits(),
        random: consuming RandomPool = RandomPool()
    ) {
        self.addresses = addresses
        state = Mutex(State(pools: addresses.map { _ in PortPool(range: ports) }, limits: limits, random: random))
    }

    /// Whether there is a relay address of this family at all.
    package func canRelay(_ family: IPAddress.Family) -> Bool { addresses.contains { $0.bound.family == family } }

    // MARK: - Quotas

    /// The limits.
    package var limits: Limits { state.withLock { $0.limits } }

    /// Sets other limits. What is held beyond them stays; it is only not added to.
    package func limit(to limits: Limits) {
        state.withLock { $0.limits = limits }
    }

    /// Counts one more allocation for a user, if the quotas allow it.
    package func admit(_ user: QuotaHolder) -> Admission {
        state.withLock { state in
            let limits = state.limits
            if Self.isReached(limits.totalQuota, by: state.total) { return .totalQuotaReached }
            let inRealm = state.realms[user.realm] ?? 0
            if Self.isReached(limits.realmQuota(of: user.realm), by: inRealm) { return .totalQuotaReached }
            let held = state.users[user]?.allocations ?? 0
            if Self.isReached(limits.userQuota(in: user.realm), by: held) { return .userQuotaReached }
            guard limits.haveRoom(beside: state.realms, for: user.realm) else { return .bandwidthTaken }
            state.users[user, default: Holding()].allocations = held + 1
            state.realms[user.realm] = inRealm + 1
            state.total += 1
            return .admitted
        }
    }

    private static func isReached(_ quota: Int, by count: Int) -> Bool { quota > 0 && count >= quota }

    /// Counts one allocation less for a user.
    package func release(_ user: QuotaHolder) {
        state.withLock { Self.release(user, &$0) }
    }

    private static func release(_ user: QuotaHolder, _ state: inout State) {
        guard var held = state.users[user], let inRealm = state.realms[user.realm] else { return }
        held.allocations -= 1
        state.users[user] = held.allocations > 0 ? held : nil
        state.realms[user.realm] = inRealm > 1 ? inRealm - 1 : nil
        state.total -= 1
    }

    /// What a session of a user may carry. The user must hold an allocation.
    func bandwidth(of user: QuotaHolder) -> BandwidthLimits {
        state.withLock { state in
            let (session, all) = (state.limits.sessionRate(in: user.realm), state.limits.userBytesPerSecond)
            var limits = BandwidthLimits(
                session: ByteRate(bytesPerSecond: session), user: ByteRate(bytesPerSecond: all))
            guard !limits.user.isUnlimited else { return limits }
            let buckets = state.users[user]?.buckets ?? UserBuckets()
            state.users[user]?.buckets = buckets
            limits.shared = buckets
            return limits
        }
    }

    // MARK: - Ports

    /// Takes a port of some relay address of a family; nil when none is left.
    package func takePort(_ family: IPAddress.Family, _ wish: Wish) -> Port? {
        state.withLock { state in
            let candidates = addresses.indices.filter { addresses[$0].bound.family == family }
            guard !candidates.isEmpty else { return nil }
            let start = Int(state.random.next(below: UInt32(candidates.count)))
            for step in candidates.indices {
                let pool = candidates[(start + step) % candidates.count]
                let number =
                    switch wish {
                    case .any: state.pools[pool].takeAny(&state.random)
                    case .even: state.pools[pool].takeEven(withNext: false, &state.random)
                    case .evenWithNext: state.pools[pool].takeEven(withNext: true, &state.random)
                    }
                if let number { return Port(poolIndex: pool, number: number) }
            }
            return nil
        }
    }

    /// Gives a port back.
    package func returnPort(_ port: Port) {
        state.withLock { $0.pools[port.poolIndex].put(port.number) }
    }

    // MARK: - Reservations

    /// Holds a port that was taken with `evenWithNext` for whoever brings the returned token. The caller has admitted the
    /// user for it.
    package func reserve(_ port: Port, for user: QuotaHolder, until expiry: Instant) -> UInt64 {
        state.withLock { state in
            var token = state.random.next()
            while state.reservations[token] != nil { token = state.random.next() }
            state.reservations[token] = Reservation(
                poolIndex: port.poolIndex, port: port.number, holder: user, expiry: expiry)
            state.earliestExpiry = min(state.earliestExpiry, expiry)
            return token
        }
    }

    /// Hands over a reserved port, once, to the user who asked for it. The reservation's place in the quota goes with it.
    package func claim(_ token: UInt64, for user: QuotaHolder, now: Instant) -> Port? {
        state.withLock { state in
            guard let reservation = state.reservations[token], now < reservation.expiry, reservation.holder == user
            else { return nil }
            state.reservations[token] = nil
            return Port(poolIndex: reservation.poolIndex, number: reservation.port)
        }
    }

    /// Takes a reservation back unused.
    package func cancelReservation(_ token: UInt64) {
        state.withLock { state in
            guard let reservation = state.reservations.removeValue(forKey: token) else { return }
            Self.lapse(reservation, &state)
        }
    }

    /// Gives back the ports of reservations whose time is over.
    package func expireReservations(now: Instant) {
        state.withLock { state in
            guard state.earliestExpiry <= now else { return }
            // In the order of their tokens, so that a simulation runs the same from the same seed.
            let lapsed = state.reservations.filter { $0.value.expiry <= now }.sorted { $0.key < $1.key }
            for (token, reservation) in lapsed {
                state.reservations[token] = nil
                Self.lapse(reservation, &state)
            }
            state.earliestExpiry = state.reservations.values.map(\.expiry).min() ?? .distantFuture
        }
    }

    private static func lapse(_ reservation: Reservation, _ state: inout State) {
        state.pools[reservation.poolIndex].put(reservation.port)
        release(reservation.holder, &state)
    }

    // MARK: - Figures

    /// What is in use, for metrics and tests.
    package struct Usage: Sendable, Equatable {
        /// Allocations and reservations counted against the quotas.
        package var allocations: Int
        /// Users that hold at least one.
        package var users: Int
        /// Free ports, by pool index.
        package var freePorts: [Int]
        /// Ports held for a token.
        package var reservations: Int
    }

    /// What is in use now.
    package var usage: Usage {
        state.withLock { state in
            Usage(
                allocations: state.total, users: state.users.count, freePorts: state.pools.map(\.freeCount),
                reservations: state.reservations.count)
        }
    }
}
