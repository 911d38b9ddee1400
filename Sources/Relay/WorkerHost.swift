package import Addressing
import Logging
import Offload
package import TURN
import Tables
import Transport

/// The engine's world in a worker: relay sockets and connections watched by the worker's epoll, and the journal.
///
/// A socket that is closed stays open until the turn ends: datagrams of this turn may still have to leave by it, and its
/// number must not come to mean another socket before they have.
package struct WorkerHost: RelayHost, ~Copyable {
    /// An open relay socket.
    struct RelaySocket: BitwiseCopyable {
        let socket: UDPSocket
        let allocation: AllocationID
        /// For how many turns one datagram is taken from it, not as many as there are: where there is mostly one, asking for
        /// a second costs as much as a twentieth of relaying the first.
        var singleTurns: UInt8 = 0

        /// How many turns those are, until it is asked again.
        static var mostSingleTurns: UInt8 { 15 }
    }

    var epoll: Epoll
    var relays = Slab<RelaySocket>(
        blank: RelaySocket(socket: .none, allocation: AllocationID(index: .max, generation: 0)))
    private var closing: [UDPSocket] = []
    /// The relayed addresses that take connections.
    var listeners = Slab<RelayListener>(blank: .none)
    /// The connections with peers.
    var dataConnections = DataConnectionTable()
    /// What clients are to get beside replies.
    var messages: [(bytes: [UInt8], path: ClientPath)] = []
    private let options: UDPSocket.Options
    private var journal: Journal
    /// The channels that the kernel relays; nil without `offload`.
    var offloaded: OffloadedChannels<KernelChannels>?
    /// What has happened, for the operator.
    var ledger: Ledger

    init(
        epoll: consuming Epoll, settings: WorkerSettings, journal: Journal, ledger: Ledger,
        offloaded: consuming OffloadedChannels<KernelChannels>?
    ) {
        self.epoll = epoll
        self.offloaded = offloaded
        self.journal = journal
        self.ledger = ledger
        var options = UDPSocket.Options()
        options.receiveBufferBytes = settings.socketBufferBytes
        options.sendBufferBytes = settings.socketBufferBytes
        options.reportsErrors = settings.reportsErrors
        self.options = options
    }

    package mutating func openRelay(
        _ transport: RelayTransport, at address: TransportAddress, for allocation: AllocationID
    ) -> RelayOpening {
        switch transport {
        case .udp: openSocket(at: address, for: allocation)
        case .tcp: openListener(at: address, for: allocation)
        }
    }

    private mutating func openSocket(at address: TransportAddress, for allocation: AllocationID) -> RelayOpening {
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
        if let listener = relay.listener { return closeListener(listener) }
        let index = UInt32(truncatingIfNeeded: relay.rawValue)
        closing.append(relays[index].socket)
        relays.remove(index)
    }

    package mutating func note(_ event: Event) {
        journal.write(event)
        ledger.enter(event)
    }

    /// Tells of a system call that failed.
    mutating func noteError(_ error: SystemError, _ message: Logger.Message, at address: TransportAddress) {
        journal.systemError(error, message, at: address)
    }

    /// Tells why a client's TLS session is of no more use.
    mutating func noteFailure(of fiveTuple: FiveTuple, _ error: TLSError) {
        journal.tlsFailed(fiveTuple, error)
    }

    /// Tells why a TCP connection was closed before it was served.
    mutating func noteRefusal(of client: TransportAddress, _ reason: ConnectionRefusal) {
        journal.connectionRefused(client, reason)
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
