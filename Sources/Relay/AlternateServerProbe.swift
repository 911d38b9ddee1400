import Addressing
import STUN
import TURN
import Timing
import Transport

/// Asks the servers that clients are sent to, every few seconds, whether they are there: a Binding request over UDP, to
/// which any answer will do. Whoever sends clients there is told which ones answer. Servers for TCP or TLS alone are not asked and count as
/// alive.
struct AlternateServerProbe: ~Copyable {
    private static var intervalMilliseconds: UInt32 { 3000 }
    /// Rounds without an answer after which a server counts as gone.
    private static var toleratedRounds: Int { 3 }

    private enum Source: UInt8 {
        case stop
        case socket
    }

    private let servers: [AlternateServer]
    private let stop: Mailbox<Void>
    private let publish: @Sendable ([AlternateServer]) -> Void
    private let sockets: [IPAddress.Family: UDPSocket]
    private var epoll: Epoll
    private var receives = ReceiveBatch(capacity: 16, payloadCapacity: 2048)
    private var sends = SendBatch(capacity: 64, copyCapacity: 4096)
    /// How many rounds each server has been silent. At first one is enough to be gone.
    private var silentRounds: [Int]
    private var told: [AlternateServer]

    /// A probe that ends when something is posted to `stop`. `publish` is told the servers that are alive, whenever those
    /// are others.
    init(
        _ servers: [AlternateServer], stop: Mailbox<Void>, publish: @escaping @Sendable ([AlternateServer]) -> Void
    ) throws(SystemError) {
        let epoll = try Epoll(capacity: 4)
        try epoll.add(stop.descriptor, .read, token: EventToken(kind: Source.stop.rawValue))
        var sockets: [IPAddress.Family: UDPSocket] = [:]
        for family in IPAddress.Family.allCases where servers.contains(where: { $0.address.family == family }) {
            let socket = try UDPSocket(boundTo: TransportAddress(.any(family), port: 0))
            let token = EventToken(kind: Source.socket.rawValue, index: UInt32(family.rawValue))
            try epoll.add(socket.descriptor, .read, token: token)
            sockets[family] = socket
        }
        self.epoll = epoll
        self.sockets = sockets
        self.servers = servers
        self.stop = stop
        self.publish = publish
        silentRounds = servers.map { _ in Self.toleratedRounds - 1 }
        told = servers
    }

    /// Asks and listens until told to stop.
    mutating func run() throws(SystemError) {
        defer { for socket in sockets.values { socket.close() } }
        while true {
            var generator = SystemRandomNumberGenerator()
            let round = TransactionID(high: generator.next(), low: generator.next())
            ask(round)
            for index in servers.indices { silentRounds[index] += 1 }
            let end = SystemClock.instant().adding(milliseconds: Self.intervalMilliseconds)
            while true {
                let left = end.nanoseconds(since: SystemClock.instant())
                guard left > 0 else { break }
                for index in 0..<(try epoll.wait(timeoutMilliseconds: Int(left / 1_000_000) + 1)) {
                    let token = epoll.event(index).token
                    guard let family = IPAddress.Family(rawValue: UInt8(truncatingIfNeeded: token.index)),
                        let socket = sockets[family]
                    else { return }  // not a socket's: the mailbox
                    try listen(on: socket, for: round)
                }
            }
            tell()
        }
    }

    private mutating func ask(_ round: TransactionID) {
        var writer = MessageWriter(capacity: 32)
        writer.begin(MessageType(.binding, .request), round)
        for server in servers where server.isAskable {
            guard let socket = sockets[server.address.family] else { continue }
            _ = sends.append(copying: writer.bytes.span, to: SocketAddress(server.address), on: socket)
        }
        sends.flush(from: receives)
    }

    private mutating func listen(on socket: UDPSocket, for round: TransactionID) throws(SystemError) {
        let count = try receives.receive(from: socket)
        for datagram in 0..<count where isAnswer(datagram, to: round) {
            let source = receives.source(datagram)
            for index in servers.indices where servers[index].address == source { silentRounds[index] = 0 }
        }
        receives.reset()
    }

    private func isAnswer(_ datagram: Int, to round: TransactionID) -> Bool {
        let bytes = receives.bytes(datagram, 0..<receives.byteCount(datagram))
        guard let message = try? MessageReader(bytes) else { return false }
        return message.transactionID == round
    }

    private mutating func tell() {
        let rounds = silentRounds
        let live = servers.indices.filter { !servers[$0].isAskable || rounds[$0] < Self.toleratedRounds }
            .map { servers[$0] }
        guard live != told else { return }
        told = live
        publish(live)
    }
}

extension AlternateServer {
    /// Whether the server hears UDP without DTLS where clients are sent to.
    fileprivate var isAskable: Bool { transports.contains(.udp) }
}
