import Addressing
import STUN
import TURN
import Timing
import Transport

// TCP connections before they are served: who may come, how many, and for whom a proxy speaks.

extension Worker {
    /// What a connection must begin with; nil when it is not welcome at this listener at all.
    ///
    /// Whether a header of the PROXY protocol comes is settled by who connects where, and never by what is received: else
    /// anybody could claim any address.
    func firstKind(from client: IPAddress, at listener: StreamListener) -> StreamKind? {
        let isProxy = settings.proxies.contains { $0.contains(client) }
        guard listener.speaksProxy else { return isProxy ? .proxied : .undecided }
        return isProxy || settings.proxies.isEmpty ? .proxied : nil
    }

    /// Counts a connection whose ends are known now; false when it must be closed.
    mutating func admit(_ index: UInt32) -> Bool {
        switch connections.count(index) {
        case .refused:
            counters.crowdedOut += 1
            host.noteRefusal(of: connections[index].fiveTuple.client, .tooManyOfSource)
            return false
        case .admitted(let displaced):
            // A proxy does not have two connections of one client to one place: the older one is a thing of the past.
            if let displaced {
                counters.displaced += 1
                closeConnection(displaced)
            }
            return true
        }
    }

    /// Gives a new connection a place among the strangers. The one whose place it takes is given up, unless it has come
    /// by an allocation.
    mutating func welcome(_ index: UInt32) {
        guard let oldest = strangers.begin(connections.path(to: index)), let stranger = connections.index(for: oldest),
            !isServed(stranger)
        else { return }
        counters.strangersGivenUp += 1
        closeConnection(stranger)
    }

    /// Whether a connection's client has shown who it is, and has something here.
    func isServed(_ index: UInt32) -> Bool { engine.hasAllocation(connections[index].fiveTuple) }

    /// Takes the header of the PROXY protocol off the first bytes of a connection, and serves what follows it; false when
    /// the connection must be closed.
    mutating func serveProxyHeader(in buffer: Int, of index: UInt32) -> Bool {
        switch ProxyHeader(receives.bytes(buffer)) {
        case .incomplete:
            return keep(buffer, 0..<receives.byteCount(buffer), of: index)
        case .invalid:
            counters.proxyFailures += 1
            host.noteRefusal(of: connections[index].fiveTuple.client, .badProxyHeader)
            return false
        case .complete(let statement, let byteCount):
            if case .proxied(let client, let server) = statement {
                connections[index].fiveTuple = FiveTuple(client: client, server: server, transport: .tcp)
            }
            connections[index].kind = .undecided
            guard admit(index) else { return false }
            return byteCount == receives.byteCount(buffer) || serveBytes(in: buffer, from: byteCount, of: index)
        }
    }
}
