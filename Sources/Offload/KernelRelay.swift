package import Addressing
import COffload
import Glibc

/// The relay program in the kernel, on its hooks: one for the whole server, its entries shared out among the workers.
///
/// To be made while the process may (root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON). What comes after, entries and
/// counters, needs no rights.
package final class KernelRelay: Sendable {
    /// Where packets are met.
    package let hook: Hook
    /// The interfaces whose packets are met.
    package let interfaces: [NetworkInterface]
    /// Interfaces that would not have the program, and why.
    package let refusals: [(interface: NetworkInterface, reason: OffloadError)]
    let maps: RelayMaps
    let program: BPFProgram
    private let links: [BPFLink]

    /// Loads the program and attaches it.
    ///
    /// - Parameters:
    ///   - interfaces: whose packets to meet. Those that refuse, or on which a probe is lost, are left out; when all do, that is an error.
    ///   - channels: how many can be handed over at a time.
    package init(_ hook: Hook, interfaces: [NetworkInterface], channels: Int) throws(OffloadError) {
        self.hook = hook
        maps = try RelayMaps(entries: max(1, channels) * 2)
        switch hook {
        case .tc: program = try BPFProgram(.tc, kind: BPF_PROG_TYPE_SCHED_CLS, maps: maps)
        case .xdp: program = try BPFProgram(.xdp, kind: BPF_PROG_TYPE_XDP, maps: maps)
        }
        var links: [BPFLink] = []
        var attached: [NetworkInterface] = []
        var refusals: [(NetworkInterface, OffloadError)] = []
        for interface in interfaces {
            do throws(OffloadError) {
                let link = try BPFLink(program, hook, interface: interface)
                if hook == .tc { try HookProbe(maps: maps).run(on: interface) }
                links.append(link)
                attached.append(interface)
            } catch {
                refusals.append((interface, error))
            }
        }
        if attached.isEmpty, let (_, reason) = refusals.first { throw reason }
        self.links = links
        self.interfaces = attached
        self.refusals = refusals
    }

    /// Gives up CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON for good, in the calling thread and those that it makes from now on.
    /// Root keeps its rights; `proc-user` takes them.
    package static func giveUpRights() {
        guard geteuid() != 0 else { return }
        // Who has none of them may always give them up, so this does not fail.
        _ = coffload_give_up_rights()
    }

    /// Lets the program look up routes as if packets had come from `lo`, so that the host need not be made a router: the
    /// kernel answers such questions only where forwarding is on.
    ///
    /// - Returns: the families for which it may not be switched on; theirs is only relayed where no route is needed.
    package static func allowRouteLookups() -> [IPAddress.Family] {
        IPAddress.Family.allCases.filter { family in
            let path = "/proc/sys/net/\(family == .ipv4 ? "ipv4" : "ipv6")/conf/lo/forwarding"
            let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return true }
            defer { close(descriptor) }
            return unsafe write(descriptor, "1", 1) != 1
        }
    }
}
