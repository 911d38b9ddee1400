import Addressing
import STUN
import TURN
import Timing

/// What a TURN server should do, written down as plainly as possible from RFC 8656: dictionaries, no tables, no timers. The
/// simulation asks it for the right answer to each packet and compares.
///
/// It does not know which ports are drawn; it is told by the server's replies. And it does not know when the server cleans
/// up: an allocation that is over keeps its place in the quota until the server says that it has gone.
struct ReferenceModel {
    struct Limits {
        var userQuota = 4
        var totalQuota = 20
        var permissions = 5
        var channels = 4
    }

    struct Allocation {
        let user: Int
        let transaction: TransactionID
        var relayed: [IPAddress.Family: (address: TransportAddress, expiry: Instant)] = [:]
        var permissions: [IPAddress: Instant] = [:]
        var channels: [UInt16: (peer: TransportAddress, expiry: Instant)] = [:]

        var expiry: Instant { relayed.values.map(\.expiry).max() ?? .distantPast }

        func relays(_ family: IPAddress.Family, _ now: Instant) -> Bool {
            relayed[family].map { now < $0.expiry } ?? false
        }

        func permits(_ peer: IPAddress, _ now: Instant) -> Bool { permissions[peer].map { now < $0 } ?? false }

        func livePermissionCount(_ now: Instant) -> Int {
            permissions.count { now < $0.value && relays($0.key.family, now) }
        }

        func liveChannelCount(_ now: Instant) -> Int {
            channels.values.count { now < $0.expiry && relays($0.peer.family, now) }
        }
    }

    struct Reservation {
        let user: Int
        let port: TransportAddress
        let expiry: Instant
    }

    let limits = Limits()
    var allocations: [FiveTuple: Allocation] = [:]
    var reservations: [UInt64: Reservation] = [:]
    /// Creating transactions of allocations that have gone, and until when they are remembered.
    var departed: [FiveTuple: [TransactionID: Instant]] = [:]
    /// Every nonce, with its time of issue.
    var nonces: [FiveTuple: [[UInt8]: Int64]] = [:]

    static let denied: Set<IPAddress> = Set(["10.0.0.1", "127.0.0.1", "fe80::1"].compactMap { IPAddress($0) })

    func live(_ tuple: FiveTuple, _ now: Instant) -> Allocation? {
        allocations[tuple].flatMap { now < $0.expiry ? $0 : nil }
    }

    // MARK: - Requests: nil is success, a number the error code

    func refusal(of credentials: Intent.Credentials?, _ tuple: FiveTuple, _ now: Moment) -> UInt16? {
        guard let credentials else { return 401 }
        guard let issued = nonces[tuple]?[credentials.nonce] else { return 438 }
        guard credentials.isKeyRight else { return 401 }
        return now.unixSeconds - issued > 600 ? 438 : nil
    }

    /// The verdict on an Allocate. `isFree` says whether a port beside the reserved ones could be bound that way.
    mutating func allocate(
        _ wish: Intent.Wish, _ transaction: TransactionID, by user: Int, _ tuple: FiveTuple, _ now: Instant,
        isFree: (IPAddress.Family, Intent.Port, [TransportAddress]) -> Bool, isBindable: (TransportAddress) -> Bool
    ) -> UInt16? {
        if let held = allocations[tuple] {
            if now < held.expiry { return held.user == user && held.transaction == transaction ? nil : 437 }
            remove(tuple, now)
        }
        if let until = departed[tuple]?[transaction], now < until { return 437 }
        lapse(now)
        if let token = wish.token {
            guard let reservation = reservations[token], reservation.user == user else { return 508 }
            reservations[token] = nil
            return isBindable(reservation.port) ? nil : 508
        }
        for place in 0..<(wish.port == .evenWithNext ? 2 : 1) {
            if allocations.count + reservations.count + place >= limits.totalQuota { return 508 }
            if held(by: user) + place >= limits.userQuota { return 486 }
        }
        let reserved = reservations.values.map(\.port)
        if wish.isDual { return isFree(.ipv4, wish.port, reserved) || isFree(.ipv6, .any, reserved) ? nil : 508 }
        return isFree(wish.family, wish.port, reserved) ? nil : 508
    }

    mutating func refresh(
        _ lifetime: UInt32?, _ family: IPAddress.Family?, by user: Int, _ tuple: FiveTuple, _ now: Instant
    ) -> UInt16? {
        guard var allocation = live(tuple, now) else { return 437 }
        guard allocation.user == user else { return 441 }
        let families = IPAddress.Family.allCases.filter { allocation.relays($0, now) && $0 == family ?? $0 }
        guard !families.isEmpty else { return 443 }
        for family in families {
            if lifetime == 0 {
                allocation.relayed[family] = nil
                allocation.permissions = allocation.permissions.filter { $0.key.family != family }
                allocation.channels = allocation.channels.filter { $0.value.peer.family != family }
            } else {
                allocation.relayed[family]?.expiry = now.adding(seconds: min(max(lifetime ?? 0, 600), 3600))
            }
        }
        allocations[tuple] = allocation
        if allocation.expiry <= now { remove(tuple, now) }
        return nil
    }

    mutating func permit(_ peers: [TransportAddress], by user: Int, _ tuple: FiveTuple, _ now: Instant) -> UInt16? {
        guard let allocation = live(tuple, now) else { return 437 }
        guard allocation.user == user else { return 441 }
        guard !peers.isEmpty else { return 400 }
        for peer in peers {
            guard allocation.relays(peer.family, now) else { return 443 }
            guard !Self.denied.contains(peer.ip) else { return 403 }
        }
        guard hasRoom(for: Set(peers.map(\.ip)), in: allocation, now) else { return 508 }
        for peer in peers { extend(peer.ip, tuple, now.adding(seconds: 300)) }
        return nil
    }

    mutating func bind(
        _ number: UInt16, _ peer: TransportAddress, by user: Int, _ tuple: FiveTuple, _ now: Instant
    ) -> UInt16? {
        guard let allocation = live(tuple, now) else { return 437 }
        guard allocation.user == user else { return 441 }
        guard (0x4000...0x4FFF).contains(number), peer.port != 0 else { return 400 }
        guard allocation.relays(peer.family, now) else { return 443 }
        guard !Self.denied.contains(peer.ip) else { return 403 }
        let channels = allocation.channels.filter {
            now < $0.value.expiry && allocation.relays($0.value.peer.family, now)
        }
        let isBound = channels[number]?.peer == peer
        if !isBound {
            if channels[number] != nil || channels.values.contains(where: { $0.peer == peer }) { return 400 }
            guard channels.count < limits.channels else { return 508 }
        }
        guard hasRoom(for: [peer.ip], in: allocation, now) else { return 508 }
        allocations[tuple]?.channels[number] = (peer, now.adding(seconds: 600))
        extend(peer.ip, tuple, now.adding(seconds: 600))
        return nil
    }

    // MARK: - Data

    func sends(to peer: TransportAddress, _ tuple: FiveTuple, _ now: Instant) -> Bool {
        guard let allocation = live(tuple, now), peer.port != 0 else { return false }
        return allocation.relays(peer.family, now) && allocation.permits(peer.ip, now)
    }

    func peer(of channel: UInt16, _ tuple: FiveTuple, _ now: Instant) -> TransportAddress? {
        guard let allocation = live(tuple, now), let binding = allocation.channels[channel], now < binding.expiry,
            allocation.relays(binding.peer.family, now)
        else { return nil }
        return binding.peer
    }

    /// What a client gets of a datagram from `peer`: a channel number, zero for a Data indication, nil for nothing.
    func receives(from peer: TransportAddress, _ tuple: FiveTuple, _ now: Instant) -> UInt16? {
        guard let allocation = live(tuple, now), allocation.relays(peer.family, now) else { return nil }
        if let channel = allocation.channels.first(where: { $0.value.peer == peer && now < $0.value.expiry }) {
            return channel.key
        }
        return allocation.permits(peer.ip, now) ? 0 : nil
    }

    // MARK: - Endings

    mutating func remove(_ tuple: FiveTuple, _ now: Instant) {
        guard let gone = allocations.removeValue(forKey: tuple), tuple.transport == .udp else { return }
        departed[tuple, default: [:]][gone.transaction] = now.adding(seconds: 40)
    }

    mutating func lapse(_ now: Instant) { reservations = reservations.filter { now < $0.value.expiry } }

    func held(by user: Int) -> Int {
        allocations.values.count { $0.user == user } + reservations.values.count { $0.user == user }
    }

    private func hasRoom(for peers: Set<IPAddress>, in allocation: Allocation, _ now: Instant) -> Bool {
        let live = Set(allocation.permissions.filter { now < $0.value && allocation.relays($0.key.family, now) }.keys)
        return live.union(peers).count <= limits.permissions
    }

    private mutating func extend(_ peer: IPAddress, _ tuple: FiveTuple, _ expiry: Instant) {
        let current = allocations[tuple]?.permissions[peer] ?? .distantPast
        allocations[tuple]?.permissions[peer] = max(current, expiry)
    }
}
