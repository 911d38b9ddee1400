import Addressing
import STUN
import Tables
package import Timing

// A reload: other settings for an engine that has allocations. None of them ends. Keys and quotas are kept with each
// allocation, so users and realms may come and go; what a client may reach is asked again.

extension Engine {
    /// Obeys other settings from now on. Servers to send clients to are told by `sendClients` alone.
    ///
    /// Permissions, channels and connections for peers that are denied now end at once. Each that ends is noted with its rule.
    package mutating func adopt<Host: RelayHost & ~Copyable>(
        _ new: EngineSettings, now: Instant, host: inout Host
    ) {
        let judgesAnew = !new.reachesSamePeers(as: settings)
        settings = new
        nonces = NonceMint(
            key: new.nonceKey, lifetimeSeconds: new.nonceLifetimeSeconds, features: new.securityFeatures)
        tickets = new.mobilityKey.flatMap { MobilityTickets(key: $0) }
        limiter.limit(repliesPerSecond: new.errorRepliesPerSecond, burst: new.errorReplyBurst)
        discoveryLimiter.limit(repliesPerSecond: new.discoveryRepliesPerSecond, burst: new.discoveryReplyBurst)
        connectLimiter.limit(connectsPerMinute: new.connectsPerMinute)
        followLimits(now: now, host: &host)
        guard judgesAnew else { return }
        for index in allocations.liveIndices { judgeAnew(index, now: now, host: &host) }
    }

    /// Ends what an allocation has of peers that are denied now.
    mutating func judgeAnew<Host: RelayHost & ~Copyable>(_ index: UInt32, now: Instant, host: inout Host) {
        let owner = allocations.owner(of: index)
        let fiveTuple = allocations[index].fiveTuple
        let policy = settings.peerPolicy(of: owner.quotaHolder.realm)
        removeChannels(of: index, now: now, host: &host) { policy.denies($0.peer) }
        closeConnections(of: index, now: now, host: &host) { policy.denies($0.peer) }
        let everyPort = reach(onRelayPortsOnly: false, in: index)
        let relayPortsOnly = reach(onRelayPortsOnly: true, in: index)
        allocations.removePermissions(of: index) { permission in
            switch policy.verdict(on: permission.peer, port: nil) {
            case .allowed: permission.reach = everyPort
            case .allowedOnRelayPorts: permission.reach = relayPortsOnly
            case .denied(let rule):
                host.note(.peerDenied(fiveTuple, username: owner.username, peer: permission.peer, rule))
                return true
            }
            return false
        }
    }
}

extension PeerPolicy {
    fileprivate func denies(_ peer: TransportAddress) -> Bool {
        guard case .denied = verdict(on: peer.ip, port: peer.port) else { return false }
        return true
    }
}

extension EngineSettings {
    fileprivate func reachesSamePeers(as other: EngineSettings) -> Bool {
        peerPolicy == other.peerPolicy && furtherRealms.peerPolicies == other.furtherRealms.peerPolicies
    }
}
