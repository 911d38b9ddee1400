import Addressing
package import Configuration
package import Logging
package import Offload
import TURN
import Transport

/// The start of the relay in the kernel. To be made while the process may load programs (root, or CAP_BPF, CAP_NET_ADMIN
/// and CAP_PERFMON), and before it has threads that would keep those rights. Nothing here ends the server: whatever is
/// missing, it relays every packet itself.
package struct OffloadStart: Sendable {
    /// Channels that the kernel takes at a time. Their slots take 8 MiB, which are not swapped.
    static let channelCapacity = 131_072

    /// The program on its hooks; nil when it is not wanted or could not be had.
    package let relay: KernelRelay?
    /// What there is to tell, for the log, which need not be open yet.
    private var records: [(level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata)] = []

    /// Loads the program and attaches it, if the configuration wants it, and gives up the rights that this takes.
    package init(_ configuration: ServerConfiguration) {
        guard let hook = Hook(configuration.offload) else {
            relay = nil
            return
        }
        defer { KernelRelay.giveUpRights() }
        let (found, unknown) = Self.interfaces(for: configuration)
        for name in unknown {
            records.append((.warning, "no offload on an interface", ["interface": "\(name)", "error": "not there"]))
        }
        guard !found.isEmpty else {
            relay = nil
            records.append((.warning, Self.isOff, ["error": "no interface"]))
            return
        }
        do throws(OffloadError) {
            let relay = try KernelRelay(hook, interfaces: found, channels: Self.channelCapacity)
            self.relay = relay
            tell(of: relay)
        } catch {
            relay = nil
            let hint: Logger.Metadata =
                error.isPermissionDenied ? ["needs": "root, or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"] : [:]
            records.append((.warning, Self.isOff, hint.merging(["error": "\(error)"]) { $1 }))
        }
    }

    private static let isOff: Logger.Message = "offload is off, every packet is relayed by the server"

    private mutating func tell(of relay: KernelRelay) {
        for (interface, reason) in relay.refusals {
            let metadata: Logger.Metadata = ["interface": "\(interface.name)", "error": "\(reason)"]
            records.append((.warning, "no offload on an interface", metadata))
        }
        for family in KernelRelay.allowRouteLookups() {
            let metadata: Logger.Metadata = ["needs": "net.\(family).conf.lo.forwarding=1"]
            records.append((.warning, "no offload of a family where a route is needed", metadata))
        }
        let names = relay.interfaces.map(\.name).joined(separator: ",")
        records.append((.notice, "offloading", ["hook": "\(relay.hook.rawValue)", "interfaces": "\(names)"]))
    }

    /// Tells how it went.
    package func report(to logger: Logger) {
        for record in records { logger.log(level: record.level, record.message, metadata: record.metadata) }
    }

    /// The interfaces that are named, or else those that have the addresses which clients and peers know; and the names of
    /// those that are not there.
    private static func interfaces(
        for configuration: ServerConfiguration
    ) -> (found: [NetworkInterface], unknown: [String]) {
        let names = configuration.offloadInterfaces.isEmpty ? usual(configuration) : configuration.offloadInterfaces
        let found = names.compactMap { NetworkInterface(name: $0) }
        return (found, names.filter { name in !found.contains { $0.name == name } })
    }

    private static func usual(_ configuration: ServerConfiguration) -> [String] {
        guard let all = try? InterfaceAddress.all() else { return [] }
        let addressing = RelayAddressing(configuration, interfaces: all)
        let served = Set(addressing.relays.map(\.bound) + addressing.listening)
        return Set(all.filter { $0.isUp && served.contains($0.ip) }.map(\.interface)).sorted()
    }
}

extension Hook {
    fileprivate init?(_ mode: OffloadMode) {
        switch mode {
        case .off: return nil
        case .tc: self = .tc
        case .xdp: self = .xdp
        }
    }
}
