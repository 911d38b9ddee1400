import Cryptography

/// The relay ports of one address: which are free, and a fair draw among them.
///
/// Free ports stand in a row without gaps and are drawn by a random place in it, so that every free port is equally likely
/// (RFC 8656 §7.2 wants them hard to guess) and a draw costs the same however full the pool is.
struct PortPool: Sendable {
    private let range: ClosedRange<UInt16>
    /// The free ports, in no order.
    private var free: [UInt16]
    /// Where each port stands in `free`; `absent` when it is taken.
    private var places: [UInt16]

    private static let absent = UInt16.max

    init(range: ClosedRange<UInt16>) {
        self.range = range
        free = Array(range)
        places = Array(0...UInt16(free.count - 1))
    }

    /// How many ports are free.
    var freeCount: Int { free.count }

    /// Takes any free port.
    mutating func takeAny(_ random: inout RandomPool) -> UInt16? {
        guard !free.isEmpty else { return nil }
        let port = free[Int(random.next(below: UInt32(free.count)))]
        take(port)
        return port
    }

    /// Takes a free even port, and with `next` the odd one above it too (EVEN-PORT, RFC 8656 §7.2).
    mutating func takeEven(withNext next: Bool, _ random: inout RandomPool) -> UInt16? {
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

    /// Gives a port back. One that is free, or not of this pool, is left alone.
    mutating func put(_ port: UInt16) {
        guard range.contains(port), !isFree(port) else { return }
        places[place(of: port)] = UInt16(free.count)
        free.append(port)
    }

    private func place(of port: UInt16) -> Int { Int(port - range.lowerBound) }

    private func isFree(_ port: UInt16) -> Bool {
        range.contains(port) && places[place(of: port)] != Self.absent
    }

    private mutating func take(_ port: UInt16) {
        let hole = Int(places[place(of: port)])
        let last = free.removeLast()
        places[place(of: port)] = Self.absent
        guard last != port else { return }
        free[hole] = last
        places[place(of: last)] = UInt16(hole)
    }
}
