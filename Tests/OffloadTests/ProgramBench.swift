import Addressing
import COffload
import Testing

@testable import Offload

/// The program in the kernel with entries that a test has made, run on packets one by one; nothing is attached anywhere.
struct ProgramBench {
    static let channel: UInt16 = 0x4001
    let hook: Hook
    let maps: RelayMaps
    let program: BPFProgram

    /// Whether this process may load programs; tests of them are skipped where it may not.
    static let isAllowed = (try? ProgramBench(.tc)) != nil

    init(_ hook: Hook) throws {
        self.hook = hook
        maps = try RelayMaps(entries: 64)
        program =
            switch hook {
            case .tc: try BPFProgram(.tc, kind: BPF_PROG_TYPE_SCHED_CLS, maps: maps)
            case .xdp: try BPFProgram(.xdp, kind: BPF_PROG_TYPE_XDP, maps: maps)
            }
    }

    /// Adds both entries of a channel, at slots `slot` and `slot + 1`.
    func add(
        _ path: OffloadedPath, slot: UInt32 = 0, meter: UInt32 = 0, chains: Bool = false, ingress: UInt32 = 1
    ) throws {
        let ways = [(path.upward, chains), (path.downward, false)]
        for (offset, (way, chains)) in ways.enumerated() {
            let slot = slot + UInt32(offset)
            maps.slots[slot] = relay_slot(expiry_ns: .max, packets: 0, bytes: 0, dropped: 0)
            try maps.flows.update(
                relay_flow(way.arriving),
                relay_forward(
                    way.arriving, to: way.leaving, ingress: ingress, egress: 1, slot: slot, meter: meter, chains: chains
                ))
        }
    }

    /// The packet as it leaves; nil when it goes to the server, which it then must do untouched.
    func forward(_ packet: WirePacket) throws -> [UInt8]? { try forward(packet.bytes) }

    /// The packet as it leaves; nil when it goes to the server, which it then must do untouched.
    func forward(_ frame: [UInt8]) throws -> [UInt8]? {
        let outcome = try program.run(on: frame, hook: hook)
        switch (hook, outcome.verdict) {
        case (.tc, 7), (.xdp, 4): return outcome.packet
        case (.tc, .max), (.xdp, 2):
            #expect(outcome.packet == frame, "what goes to the server is not touched")
            return nil
        default:
            Issue.record("unexpected verdict \(outcome.verdict)")
            return nil
        }
    }
}
