import Addressing
import COffload
import Glibc

/// Tries a hook before it is relied on: a datagram is made to arrive on an interface, and the program there must take it,
/// rewrite it and count it.
///
/// The datagram is sent on `lo`, where a small program hands what bears its mark over to the interface, as if it had come in
/// there. What becomes of it goes to `lo` again, to a port where nobody is: nothing leaves this machine. Only tcx can be
/// tried so; XDP meets frames before that.
struct HookProbe {
    /// How often the count is looked at, a hundredth of a second apart.
    private static let looks = 50

    let maps: RelayMaps

    /// Throws when the program on an interface's hook does not count the probe.
    func run(on interface: NetworkInterface) throws(OffloadError) {
        let mark = UInt32.random(in: 1...UInt32.max)
        let socket = try ProbeSocket(mark: mark)
        let loopback = NetworkInterface(index: Route.loopback, name: "lo")
        let program = try BPFProgram(.redirect(mark: mark, to: interface), kind: BPF_PROG_TYPE_SCHED_CLS, maps: maps)
        let link = try BPFLink(program, type: UInt32(coffload_tcx_egress), interface: loopback)
        defer { withExtendedLifetime(link) {} }
        let nowhere = TransportAddress(socket.address.ip, port: 9)
        let arriving = WireAddresses(from: socket.address, to: nowhere)
        maps.slots[0] = relay_slot(expiry_ns: .max, packets: 0, bytes: 0, dropped: 0)
        try maps.flows.update(
            relay_flow(arriving),
            relay_forward(
                arriving, to: WireAddresses(from: nowhere, to: nowhere, channel: 0x4000), ingress: interface.index,
                egress: Route.loopback, slot: 0, meter: 0, chains: false))
        defer {
            maps.flows.remove(relay_flow(arriving))
            maps.slots[0] = relay_slot(expiry_ns: 0, packets: 0, bytes: 0, dropped: 0)
        }
        try socket.send(Array("probe".utf8), to: nowhere)
        for _ in 0..<Self.looks where maps.slots[0].packets == 0 { usleep(10_000) }
        guard maps.slots[0].packets > 0 else {
            throw OffloadError("get a probe through the hook of \(interface.name)", code: ETIMEDOUT)
        }
    }
}
