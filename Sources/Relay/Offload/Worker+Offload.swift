import Offload
import TURN

extension Worker {
    /// A worker's share of the relay in the kernel; nil without one, and then it relays everything itself.
    static func share(
        of relay: KernelRelay?, _ resources: RelayResources, _ index: Int, of count: Int, _ journal: Journal
    ) -> OffloadedChannels<KernelChannels>? {
        guard let relay else { return nil }
        do throws(OffloadError) {
            let channels = try KernelChannels(
                relay, worker: index, of: count, relayAddresses: resources.addresses.map(\.bound))
            return OffloadedChannels(channels)
        } catch {
            journal.offloadFailed(error)
            return nil
        }
    }

    /// Channels that are looked at in one turn.
    private static var channelsPerTurn: Int { 2048 }

    /// Tells the engine what was relayed without it.
    ///
    /// - Returns: whether that was all; otherwise the next turn goes on.
    mutating func countOffloaded() -> Bool {
        for _ in 0..<Self.channelsPerTurn {
            guard let carried = host.offloaded?.nextCarried() else { return true }
            engine.count(carried.traffic, on: carried.allocation)
        }
        return false
    }
}
