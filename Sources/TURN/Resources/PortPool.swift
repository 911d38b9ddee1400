import Cryptography

/// The relay ports of one address: which are free, and a fair draw among them.
///
/// Free ports stand in a row without gaps and are drawn by a random place in it, so that every free port is equally likely
/// (RFC 8656 §7.2 wants them hard to guess) and a draw costs the same however full the pool is.
///
/// A port that was given back rests before it is drawn again: until as many others have been given back as may rest, a
/// quarter of the pool. Peers of the old allocation may go on sending to it for a while. That is counted in ports and not
/// in time, so that a pool that is in demand shortens the rest instead of refusing its clients: before it has nothing to
/// give, it gives what rests.
struct PortPool: Sendable {
    private let range: ClosedRange<UInt16>
    /// The free ports, in no order.
    private var free: [UInt16]
    /// Where each port stands in `free`; `taken` or `resting` when it does not.
    private var places: [UInt32]
    /// The ports that rest, a ring.
    private var rest: [UInt16]
    private var restStart = 0
    private var restCount = 0

    private static let taken = UInt32.max
    private static let resting = UInt32.max - 1

    /// A pool of free ports, of which `restingCount` may rest at a time; nil for the usual share.
    init(range: ClosedRange<UInt16>, restingCount: Int? = nil) {
        self.range = range
        free = Array(range)
        places = Array(0...UInt32(free.count - 1))
        rest = Array(repeating: 0, count: restingCount ?? free.count / 4)
    }

    /// How many ports are free, those that rest included.
    var freeCount: Int { free.count + restCount }

    /// Takes any free port.
    mutating func takeAny(_ random: inout RandomPool) -> UInt16? {
        if free.isEmpty { endOldestRest() }
        guard !free.isEmpty else { return nil }
        let port = free[Int(random.next(below: UInt32(free.count)))]
        take(port)
        return port
    }

    /// Takes a free even port, and with `next` the odd one above it too (EVEN-PORT, RFC 8656 §7.2).
    mutating func takeEven(withNext next: Bool, _ random: inout RandomPool) -> UInt16? {
        if let port = takeRestedEven(withNext: next, &random) { return port }
        guard restCount > 0 else { return nil }
        while restCount > 0 { endOldestRest() }
        return takeRestedEven(withNext: next, &random)
    }

    private mutating func takeRestedEven(withNext next: Bool, _ random: inout RandomPool) -> UInt16? {
        guard !free.isEmpty else { return nil }
        // From a random place on, so that the draw stays fair enough and ends with a full pool too.
        let start = Int(random.next(below: UInt32(free.count)))
        for step in 0..<free.count {
            let port = free[(start + step) % free.count]
            guard port % 2 == 0, !next || isFree(port &+ 1) else { continue }
            take(port)
            if next { take(port &+ 1) }
            return port
        }
        return nil
    }

    /// Gives a port back. One that was not taken, or is not of this pool, is left alone.
    mutating func put(_ port: UInt16) {
        guard range.contains(port), places[place(of: port)] == Self.taken else { return }
        guard !rest.isEmpty else { return release(port) }
        if restCount == rest.count { endOldestRest() }
        places[place(of: port)] = Self.resting
        rest[(restStart + restCount) % rest.count] = port
        restCount += 1
    }

    private mutating func endOldestRest() {
        guard restCount > 0 else { return }
        let port = rest[restStart]
        restStart = (restStart + 1) % rest.count
        restCount -= 1
        release(port)
    }

    private mutating func release(_ port: UInt16) {
        places[place(of: port)] = UInt32(free.count)
        free.append(port)
    }

    private func place(of port: UInt16) -> Int { Int(port - range.lowerBound) }

    private func isFree(_ port: UInt16) -> Bool {
        range.contains(port) && places[place(of: port)] < Self.resting
    }

    private mutating func take(_ port: UInt16) {
        let hole = Int(places[place(of: port)])
        let last = free.removeLast()
        places[place(of: port)] = Self.taken
        guard last != port else { return }
        free[hole] = last
        places[place(of: last)] = UInt32(hole)
    }
}
