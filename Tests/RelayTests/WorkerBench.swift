import Addressing
import Logging
import TURN
import Transport

@testable import Relay

/// A worker on a thread of its own, which clients reach over TCP and UDP on 127.0.0.1.
final class WorkerBench {
    /// Where it listens for TCP.
    let address: TransportAddress
    /// Where it listens for UDP.
    let datagramAddress: TransportAddress
    /// The mailboxes of all workers. The first is that of the worker; the test stands for the others.
    let mailboxes: [Mailbox<WorkerCommand>]
    /// What holds the worker's ports and quotas.
    let resources: RelayResources

    /// The first of some workers, that relays from `relays`.
    init(
        _ worker: WorkerSettings, relays: [RelayAddress] = [], workers: Int = 1,
        _ configure: (inout EngineSettings) -> Void = { _ in }
    ) throws {
        let loopback = TransportAddress(IPAddress(v4: 0x7F00_0001), port: 0)
        let socket = try TCPListener(boundTo: loopback)
        address = try socket.localAddress()
        let datagrams = try UDPSocket(boundTo: loopback)
        datagramAddress = try datagrams.localAddress()
        mailboxes = try (0..<workers).map { _ in try Mailbox() }
        var listeners = WorkerListeners()
        listeners.streams.append(StreamListener(socket: socket, address: address))
        listeners.datagrams.append(DatagramListener(socket: datagrams, address: datagramAddress))
        var settings = EngineSettings(nonceKey: Array(1...32))
        configure(&settings)
        resources = RelayResources(addresses: relays, ports: 49152...65535)
        _ = try Thread.spawn(name: "worker") { [mailboxes, resources, settings, listeners] in
            var running = try? Worker(
                engine: settings, worker: worker, resources: resources, listeners: listeners, workers: mailboxes,
                index: 0, journal: Journal(Logger(label: "test"), worker: 0))
            try? running?.run()
        }
    }

    deinit {
        mailboxes[0].post(.stop)
    }

    /// An operator's view of the worker.
    func control() throws -> RelayControl {
        try RelayControl(
            workers: [mailboxes[0]], resources: resources, settings: EngineSettings(nonceKey: Array(1...32)))
    }

    /// What the worker says next to another one, which the test stands for.
    func nextCommand(for worker: Int) throws -> WorkerCommand {
        var epoll = try Epoll()
        try epoll.add(mailboxes[worker].descriptor, .read, token: EventToken(kind: 0))
        _ = try epoll.wait(timeoutMilliseconds: 10_000)
        let commands = mailboxes[worker].drain()
        guard commands.count == 1 else { throw UnexpectedCommands(count: commands.count) }
        return commands[0]
    }
}

/// There is not one command.
struct UnexpectedCommands: Error {
    let count: Int
}
