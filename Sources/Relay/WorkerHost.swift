package import Addressing
import Logging
package import TURN
import Tables
import Transport

/// The engine's world in a worker: relay sockets watched by the worker's epoll, and the journal.
///
/// A socket that is closed stays open until the turn ends: datagrams of this turn may still have to leave by it, and its
/// number must not come to mean another socket before they have.
package struct WorkerHost: RelayHost, ~Copyable {
    /// An open relay socket.
    struct RelaySocket: BitwiseCopyable {
        let socket: UDPSocket
        let allocation: AllocationID
    }

    var epoll: Epoll
    private(set) var relays = Slab<RelaySocket>(
        blank: RelaySocket(socket: .none, allocation: AllocationID(index: .max, generation: 0)))
    private var closing: [UDPSocket] = []
    private let options: UDPSocket.Options
    private var journal: Journal
    /// What has happened, for the operator.
    var ledger: Ledger

    init(epoll: consuming Epoll, settings: WorkerSettings, journal: Journal, ledger: Ledger) {
        self.epoll = epoll
        self.journal = journal
        self.ledger = ledger
        var options = UDPSocket.Options()
        options.receiveBufferBytes = settings.socketBufferBytes
        options.sendBufferBytes = settings.socketBufferBytes
        self.options = options
    }

    package mutating func openRelay(at address: TransportAddress, for allocation: AllocationID) -> RelayOpening {
        let socket: UDPSocket
        do throws(SystemError) {
            socket = try UDPSocket(boundTo: address, options: options)
        } catch {
            if error.isAddressInUse { return .addressInUse }
            journal.systemError(error, "cannot open a relay socket", at: address)
            return .failed
        }
        let index = relays.insert(RelaySocket(socket: socket, allocation: allocation))
        do throws(SystemError) {
            let token = WorkerToken.relay.token(index: index, generation: relays.generation(of: index))
            try epoll.add(socket.descriptor, .read, token: token)
        } catch {
            relays.remove(index)
            socket.close()
            journal.systemError(error, "cannot watch a relay socket", at: address)
            return .failed
        }
        return .opened(RelayHandle(rawValue: UInt64(index)))
    }

    package mutating func closeRelay(_ relay: RelayHandle) {
        let index = UInt32(truncatingIfNeeded: relay.rawValue)
        closing.append(relays[index].socket)
        relays.remove(index)
    }

    package mutating func note(_ event: Event) {
        journal.write(event)
        ledger.enter(event)
    }

    /// Tells why a client's TLS session is of no more use.
    mutating func noteFailure(of fiveTuple: FiveTuple, _ error: TLSError) {
        journal.tlsFailed(fiveTuple, error)
    }

    /// The socket behind a handle of the engine.
    func socket(of relay: RelayHandle) -> UDPSocket { relays[UInt32(truncatingIfNeeded: relay.rawValue)].socket }

    /// The socket that an epoll event belongs to, unless it was closed since.
    func relay(for token: EventToken) -> RelaySocket? {
        guard relays.isLive(token.index), token.isCurrent(relays.generation(of: token.index)) else { return nil }
        return relays[token.index]
    }

    /// Closes what was given up in this turn, after the turn's datagrams have left.
    mutating func closeAbandonedSockets() {
        guard !closing.isEmpty else { return }
        for socket in closing { socket.close() }
        closing.removeAll(keepingCapacity: true)
    }
}
