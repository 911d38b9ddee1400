import Addressing
import Configuration
import Transport

/// Binds the listening sockets: on every address and transport one for each worker, sharing the port, so that the kernel
/// spreads the clients.
struct ListenerBinder {
    private let configuration: ServerConfiguration
    private let addressing: RelayAddressing

    init(_ configuration: ServerConfiguration, _ addressing: RelayAddressing) {
        self.configuration = configuration
        self.addressing = addressing
    }

    /// The listeners of each worker.
    func bind(workers count: Int) throws(RelayServer.StartError) -> [WorkerListeners] {
        var listeners: [WorkerListeners] = []
        for _ in 0..<count {
            var own = WorkerListeners()
            for ip in addressing.listening { try bind(ip, &own) }
            listeners.append(own)
        }
        guard listeners.allSatisfy({ !$0.datagrams.isEmpty || !$0.streams.isEmpty }) else {
            throw RelayServer.StartError(description: "no listener: check listening-ip, no-udp, no-tcp and no-tls")
        }
        return listeners
    }

    /// Where clients reach the server, each address once.
    func addresses(of listeners: [WorkerListeners]) -> [TransportAddress] {
        var addresses: [TransportAddress] = []
        for listener in listeners.first?.datagrams ?? [] { addresses.append(listener.address) }
        for listener in listeners.first?.streams ?? [] where !addresses.contains(listener.address) {
            addresses.append(listener.address)
        }
        return addresses
    }

    private func bind(_ ip: IPAddress, _ listeners: inout WorkerListeners) throws(RelayServer.StartError) {
        if !configuration.noUDP {
            try bind(TransportAddress(ip, port: configuration.listeningPort)) { address throws(SystemError) in
                listeners.datagrams.append(try datagramListener(address))
            }
        }
        for port in streamPorts {
            try bind(TransportAddress(ip, port: port)) { address throws(SystemError) in
                listeners.streams.append(StreamListener(socket: try TCPListener(boundTo: address), address: address))
            }
        }
    }

    /// Which port a client comes to does not decide what it speaks; but operators and firewalls know them by their names.
    private var streamPorts: Set<UInt16> {
        var ports: Set<UInt16> = []
        if !configuration.noTCP { ports.insert(configuration.listeningPort) }
        if configuration.servesTLS { ports.insert(configuration.tlsListeningPort) }
        return ports
    }

    private func datagramListener(_ address: TransportAddress) throws(SystemError) -> DatagramListener {
        var options = UDPSocket.Options.listener(on: address.ip)
        let bytes = configuration.socketBufferSize
        options.receiveBufferBytes = bytes > 0 ? bytes : nil
        options.sendBufferBytes = bytes > 0 ? bytes : nil
        return DatagramListener(socket: try UDPSocket(boundTo: address, options: options), address: address)
    }

    private func bind(
        _ address: TransportAddress, _ open: (TransportAddress) throws(SystemError) -> Void
    ) throws(RelayServer.StartError) {
        do throws(SystemError) {
            try open(address)
        } catch {
            // A machine without IPv6 is no reason not to serve IPv4, unless somebody asked for it by name.
            if addressing.listensByDefault, error.isFamilyNotSupported || error.isAddressNotAvailable { return }
            throw RelayServer.StartError(description: "cannot listen on \(address): \(error)")
        }
    }
}

extension WorkerSettings {
    init(_ configuration: ServerConfiguration, workers count: Int) {
        self.init()
        concurrentHandshakes = max(64, Self.concurrentHandshakesInAll / count)
        servesPlainTCP = !configuration.noTCP
        idleConnectionSeconds = UInt32(clamping: configuration.maxAllocateTimeoutSeconds)
        // Relay sockets are many, and the kernel's default holds enough for one client.
        socketBufferBytes = nil
    }
}
