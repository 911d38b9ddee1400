import Cryptography
import SeededRandom
import TestBench
import Testing

@testable import TURN

@Suite("Port pool")
struct PortPoolTests {
    private func any(_ pool: inout PortPool, _ random: inout RandomPool) throws -> UInt16 {
        let port = pool.takeAny(&random)
        return try #require(port)
    }

    private func pair(_ pool: inout PortPool, _ random: inout RandomPool) throws -> UInt16 {
        let port = pool.takeEven(withNext: true, &random)
        return try #require(port)
    }

    @Test("G17: the draw of ports is uniform (chi-square)")
    func uniform() {
        var pool = PortPool(range: 49152...65535, restingCount: 0)
        var random = Bench.randomPool(1)
        var counts = [Int](repeating: 0, count: 16384)
        let expected = 16
        for _ in 0..<16384 * expected {
            guard let port = pool.takeAny(&random) else { break }
            counts[Int(port) - 49152] += 1
            pool.put(port)
        }
        let statistic = counts.reduce(0.0) { sum, count in
            let difference = Double(count - expected)
            return sum + difference * difference / Double(expected)
        }
        // 16383 degrees of freedom: mean 16383, standard deviation 181.
        #expect(abs(statistic - 16383) < 6 * 181)
    }

    @Test("G17: the draw of even ports is uniform among the even ones")
    func uniformEven() {
        var pool = PortPool(range: 50000...50255, restingCount: 0)
        var random = Bench.randomPool(2)
        var counts = [Int](repeating: 0, count: 128)
        for _ in 0..<128 * 200 {
            guard let port = pool.takeEven(withNext: true, &random) else { break }
            counts[Int(port - 50000) / 2] += 1
            pool.put(port)
            pool.put(port + 1)
        }
        let statistic = counts.reduce(0.0) { $0 + Double(($1 - 200) * ($1 - 200)) / 200 }
        #expect(abs(statistic - 127) < 6 * 16)
    }

    @Test("G17: ports do not come in a row")
    func unordered() {
        var pool = PortPool(range: 49152...65535)
        var random = RandomPool()
        let ports = (0..<2000).compactMap { _ in pool.takeAny(&random) }
        let neighbours = zip(ports, ports.dropFirst()).count { abs(Int($0) - Int($1)) <= 2 }
        #expect(neighbours < 20)
        #expect(Set(ports).count == 2000)
    }

    @Test("G15: after ten thousand random steps as many ports are free as were given back", arguments: 0..<4)
    func invariant(seed: UInt64) {
        var source = SeededRandom(seed: seed)
        let range: ClosedRange<UInt16> = seed % 2 == 0 ? 50000...50031 : 50001...50031
        var pool = PortPool(range: range)
        var random = Bench.randomPool(seed)
        var taken: Set<UInt16> = []
        for _ in 0..<10_000 {
            switch UInt8.random(in: 0..<6, using: &source) {
            case 0: if let port = pool.takeAny(&random) { #expect(taken.insert(port).inserted) }
            case 1:
                if let port = pool.takeEven(withNext: false, &random) {
                    #expect(port % 2 == 0)
                    #expect(taken.insert(port).inserted)
                }
            case 2:
                if let port = pool.takeEven(withNext: true, &random) {
                    #expect(port % 2 == 0)
                    #expect(taken.insert(port).inserted)
                    #expect(taken.insert(port + 1).inserted)
                }
            case 3: pool.put(UInt16.random(in: 40000...40010, using: &source))
            default:
                guard let port = taken.randomElement(using: &source) else { continue }
                taken.remove(port)
                pool.put(port)
                pool.put(port)
            }
            #expect(pool.freeCount == range.count - taken.count)
            #expect(taken.allSatisfy(range.contains))
        }
        for port in taken { pool.put(port) }
        var all: Set<UInt16> = []
        while let port = pool.takeAny(&random) { all.insert(port) }
        #expect(all == Set(range))
    }

    @Test(
        "G15: an even port whose neighbour is taken or outside the range is not given with R",
        arguments: [
            (50000...50000, nil, 50000), (50001...50001, nil, nil), (65534...65535, 65534, 65534),
            (65535...65535, nil, nil), (50001...50003, 50002, 50002), (50001...50002, nil, 50002),
        ] as [(ClosedRange<UInt16>, UInt16?, UInt16?)])
    func edges(range: ClosedRange<UInt16>, withNext: UInt16?, alone: UInt16?) {
        var random = RandomPool()
        var pool = PortPool(range: range)
        let first = pool.takeEven(withNext: true, &random)
        #expect(first == withNext)
        #expect(pool.freeCount == range.count - (withNext == nil ? 0 : 2))
        pool = PortPool(range: range)
        let second = pool.takeEven(withNext: false, &random)
        #expect(second == alone)
        while pool.takeAny(&random) != nil {}
        #expect(pool.freeCount == 0)
    }

    @Test("G17: a port that was given back is not drawn again until a quarter of the pool has been given back after it")
    func rests() throws {
        var pool = PortPool(range: 50000...50399)
        var random = RandomPool()
        let first = try any(&pool, &random)
        pool.put(first)
        for _ in 0..<100 {
            let port = try any(&pool, &random)
            #expect(port != first)
            pool.put(port)
        }
        // Its rest is over: it is among those that can be drawn.
        var drawn: Set<UInt16> = []
        for _ in 0..<300 { drawn.insert(try any(&pool, &random)) }
        #expect(drawn.contains(first))
    }

    @Test("G17: a pool that is in demand gives what rests before it has nothing to give", arguments: [1, 2, 3, 5, 16])
    func restEndsInNeed(count: UInt16) throws {
        var pool = PortPool(range: 50000...50000 + count - 1)
        var random = RandomPool()
        for _ in 0..<50 {
            let ports = try (0..<count).map { _ in try any(&pool, &random) }
            #expect(Set(ports).count == Int(count))
            let none = pool.takeAny(&random)
            #expect(none == nil)
            for port in ports { pool.put(port) }
        }
        guard count > 1 else { return }
        for _ in 0..<50 {
            let pairs = try (0..<count / 2).map { _ in try pair(&pool, &random) }
            #expect(Set(pairs).count == Int(count / 2))
            for port in pairs {
                pool.put(port)
                pool.put(port + 1)
            }
        }
    }

    @Test("G17: every port of the widest range is drawn once")
    func widest() {
        var random = RandomPool()
        var pool = PortPool(range: 0...65535)
        var ports: Set<UInt16> = []
        while let port = pool.takeAny(&random) { ports.insert(port) }
        #expect(ports.count == 65536)
    }
}
