import Testing

#if canImport(Glibc)
import Glibc
#endif

@Suite("Simulation")
struct SimulationTests {
    /// `CULVERT_SEED` repeats a run, `CULVERT_STEPS` makes it longer.
    static func environment(_ name: String) -> UInt64? {
        guard let value = unsafe getenv(name) else { return nil }
        return UInt64(unsafe String(cString: value))
    }

    static let seeds: [UInt64] =
        environment("CULVERT_SEED").map { [$0] } ?? (0..<4).map { _ in UInt64.random(in: 1...(.max)) }

    @Test(
        "I1, I2, I3, I4, I5, I6: random schedules on a bad network keep to the model and leave nothing behind",
        arguments: seeds)
    func random(seed: UInt64) {
        print("CULVERT_SEED=\(seed)")
        let simulation = Simulation(seed: seed)
        simulation.run(steps: Int(Self.environment("CULVERT_STEPS") ?? 6000))
        #expect(simulation.successes > 100)
        #expect(simulation.relayedCount > 20)
    }

    @Test("I5: the same seed gives the same run")
    func repeatable() {
        let runs = (0..<2).map { _ in
            let simulation = Simulation(seed: 42)
            simulation.run(steps: 2000)
            return [simulation.successes, simulation.relayedCount, simulation.toServer.count]
        }
        #expect(runs[0] == runs[1])
    }
}
