import Addressing
import Logging
import TURN
import Transport

@testable import Relay

/// A worker on a thread of its own, which clients reach over TCP on 127.0.0.1.
final class WorkerBench {
    /// Where it listens.
    let address: TransportAddress
    private let mailbox: Mailbox<WorkerCommand>

    /// A worker that relays from `relays`.
    init(
        _ worker: WorkerSettings, relays: [RelayAddress] = [], _ configure: (inout EngineSettings) -> Void = { _ in }
    ) throws {
        let loopback = TransportAddress(IPAddress(v4: 0x7F00_0001), port: 0)
        let socket = try TCPListener(boundTo: loopback)
        address = try socket.localAddress()
        mailbox = try Mailbox()
        var listeners = WorkerListeners()
        listeners.streams.append(StreamListener(socket: socket, address: address))
        var settings = EngineSettings(nonceKey: Array(1...32))
        configure(&settings)
        _ = try Thread.spawn(name: "worker") { [mailbox, settings, listeners] in
            var running = try? Worker(
                engine: settings, worker: worker, resources: RelayResources(addresses: relays, ports: 49152...65535),
                listeners: listeners, workers: [mailbox], index: 0, journal: Journal(Logger(label: "test"), worker: 0))
            try? running?.run()
        }
    }

    deinit {
        mailbox.post(.stop)
    }
}
