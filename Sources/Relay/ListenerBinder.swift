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
        try checkThatAllAreFree()
        var listeners: [WorkerListeners] = []
        for _ in 0..<count { listeners.append(try bindForOne()) }
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

    // MARK: - What to bind

    private var datagramAddresses: [TransportAddress] {
        var ports: Set<UInt16> = configuration.noUDP ? [] : [configuration.listeningPort]
        if configuration.servesDTLS { ports.insert(configuration.tlsListeningPort) }
        return unique(
            ports.sorted().flatMap(addresses(at:)) + (configuration.noUDP ? [] : alternateAddresses)
                + (configuration.listensForDatagrams ? configuration.auxiliaryAddresses : []))
    }

    /// The second port of behaviour discovery; over TCP it serves those who look at the mapping of connections.
    private var alternateAddresses: [TransportAddress] {
        configuration.discoveryAddresses.map { TransportAddress($0, port: configuration.alternatePort) }
    }

    /// Both ports serve clients with and without TLS; but operators and firewalls know them by their names.
    private var streamAddresses: [TransportAddress] {
        var ports: Set<UInt16> = []
        if !configuration.noTCP { ports.insert(configuration.listeningPort) }
        if configuration.servesTLS { ports.insert(configuration.tlsListeningPort) }
        return unique(
            ports.sorted().flatMap(addresses(at:)) + (configuration.noTCP ? [] : alternateAddresses)
                + (configuration.listensForStreams ? configuration.auxiliaryAddresses : []))
    }

    private var proxyAddresses: [TransportAddress] {
        guard let port = configuration.tcpProxyPort, configuration.listensForStreams else { return [] }
        return addresses(at: port)
    }

    private func unique(_ addresses: [TransportAddress]) -> [TransportAddress] {
        var seen: Set<TransportAddress> = []
        return addresses.filter { seen.insert($0).inserted }
    }

    private func addresses(at port: UInt16) -> [TransportAddress] {
        addressing.listening.map { TransportAddress($0, port: port) }
    }

    // MARK: - Binding

    /// The workers share each port, and so would a second server that was started by mistake: half of the clients would
    /// go there, and nobody be told. Only a socket that does not share finds the port taken.
    private func checkThatAllAreFree() throws(RelayServer.StartError) {
        for address in datagramAddresses {
            var options = UDPSocket.Options()
            options.device = configuration.listeningDevice
            try attempt(address) { () throws(SystemError) in
                try UDPSocket(boundTo: address, options: options).close()
            }
        }
        for address in streamAddresses + proxyAddresses {
            try attempt(address) { () throws(SystemError) in
                try TCPListener(boundTo: address, device: configuration.listeningDevice, sharesPort: false).close()
            }
        }
    }

    private func bindForOne() throws(RelayServer.StartError) -> WorkerListeners {
        var listeners = WorkerListeners()
        for address in datagramAddresses {
            try attempt(address) { () throws(SystemError) in
                listeners.datagrams.append(try datagramListener(address))
            }
        }
        let proxyAddresses = proxyAddresses
        for address in streamAddresses + proxyAddresses {
            try attempt(address) { () throws(SystemError) in
                let socket = try TCPListener(boundTo: address, device: configuration.listeningDevice)
                listeners.streams.append(
                    StreamListener(socket: socket, address: address, speaksProxy: proxyAddresses.contains(address)))
            }
        }
        return listeners
    }

    private func datagramListener(_ address: TransportAddress) throws(SystemError) -> DatagramListener {
        var options = UDPSocket.Options.listener(on: address.ip)
        options.device = configuration.listeningDevice
        // What the kernel joins before the program at tc sees it, the program must leave to the server.
        if configuration.offload == .tc { options.joinsDatagrams = false }
        let bytes = configuration.socketBufferSize
        options.receiveBufferBytes = bytes > 0 ? bytes : nil
        options.sendBufferBytes = bytes > 0 ? bytes : nil
        return DatagramListener(socket: try UDPSocket(boundTo: address, options: options), address: address)
    }

    private func attempt(
        _ address: TransportAddress, _ body: () throws(SystemError) -> Void
    ) throws(RelayServer.StartError) {
        do throws(SystemError) {
            try body()
        } catch {
            // A machine without IPv6 is no reason not to serve IPv4, unless somebody asked for it by name.
            if addressing.listensByDefault, address.ip.isUnspecified,
                error.isFamilyNotSupported || error.isAddressNotAvailable
            {
                return
            }
            throw RelayServer.StartError(description: "cannot listen on \(address): \(error)")
        }
    }
}

extension WorkerSettings {
    init(_ configuration: ServerConfiguration, workers count: Int) {
        self.init()
        concurrentHandshakes = max(64, Self.concurrentHandshakesInAll / count)
        servesPlainUDP = !configuration.noUDP
        reportsErrors = configuration.icmp
        servesPlainTCP = !configuration.noTCP
        idleConnectionSeconds = UInt32(clamping: configuration.maxAllocateTimeoutSeconds)
        proxies = configuration.proxies
        // Each worker sees its share of the connections.
        connectionsPerSource = (configuration.maxConnectionsPerSource + count - 1) / count
        strangers = (configuration.maxUnauthenticatedConnections + count - 1) / count
        // Relay sockets are many, and the kernel's default holds enough for one client.
        socketBufferBytes = nil
        if configuration.moderation == .adaptive {
            moderationDelay = UInt64(configuration.moderationDelayMicroseconds) * 1_000
        }
    }
}
