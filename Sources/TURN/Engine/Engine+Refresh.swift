import Addressing
import STUN
import Timing

extension Engine {
    /// Refresh: prolongs an allocation, or ends it (RFC 8656 §8.2).
    mutating func refresh<Host: RelayHost & ~Copyable>(
        _ request: borrowing Request, by user: Identity, host: inout Host
    ) throws(Refusal) {
        let index = try allocation(refreshedBy: request, by: user, host: &host)
        let wished = try request.message.lifetimeSeconds.optional()
        let families = try families(of: index, namedBy: request)
        let now = request.now.instant
        guard wished == 0 else {
            let granted = settings.grantedLifetimeSeconds(wished, to: user, unixSeconds: request.now.unixSeconds)
            // A newer token brings a newer key.
            if user.tokenExpiry != nil {
                allocations.setOwner(of: index, AllocationOwner(user, of: allocations.owner(of: index)))
            }
            for family in families { allocations[index][family]?.expiry = now.adding(seconds: granted) }
            armTimer(of: index)
            offloadChannels(of: index, now: now, host: &host)
            host.note(
                .allocationRefreshed(
                    allocations.id(of: index), request.client.fiveTuple, username: user.username,
                    lifetimeSeconds: granted))
            writeRefreshSuccess(request, granted)
            if request.message.contains(.mobilityTicket) { addTicket(for: index) }
            return
        }
        for family in families { closeRelay(family, of: index, now: now, host: &host) }
        if allocations[index].ipv4 == nil, allocations[index].ipv6 == nil {
            end(index, .released, now: now, host: &host)
        }
        writeRefreshSuccess(request, 0)
    }

    /// The families a Refresh acts on: all, or the one it names, which must be there (RFC 8656 §8.2).
    private func families(
        of index: UInt32, namedBy request: borrowing Request
    ) throws(Refusal) -> [IPAddress.Family] {
        let held = IPAddress.Family.allCases.filter { allocations[index][$0] != nil }
        guard let named = try request.message.requestedAddressFamily.optional() else { return held }
        guard let family = IPAddress.Family(rawValue: named), held.contains(family) else {
            throw Refusal(.peerAddressFamilyMismatch)
        }
        return [family]
    }

    private mutating func writeRefreshSuccess(_ request: borrowing Request, _ lifetimeSeconds: UInt32) {
        beginSuccess(request)
        writer.add(.lifetime, lifetimeSeconds)
    }
}
