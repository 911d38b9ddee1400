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
        try checkThatPortsAreFree()
        var listeners: [WorkerListeners] = []
        for _ in 0..<count { listeners.append(try bindForOneWorker()) }
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

    private var datagramAddresses: [TransportAddress] {
        guard !configuration.noUDP else { return [] }
        return addressing.listening.map { TransportAddress($0, port: configuration.listeningPort) }
            + configuration.discoveryAddresses.map { TransportAddress($0, port: configuration.alternatePort) }
    }

    /// Which port a client comes to does not decide what it speaks; but operators and firewalls know them by their names.
    private var streamAddresses: [TransportAddress] {
        var ports: [UInt16] = configuration.noTCP ? [] : [configuration.listeningPort]
        if configuration.servesTLS, !ports.contains(configuration.tlsListeningPort) {
            ports.append(configuration.tlsListeningPort)
        }
        return addressing.listening.flatMap { ip in ports.map { TransportAddress(ip, port: $0) } }
    }

    private func bindForOneWorker() throws(RelayServer.StartError) -> WorkerListeners {
        var listeners = WorkerListeners()
        for address in datagramAddresses {
            try attempt(address) { () throws(SystemError) in
                let socket = try UDPSocket(boundTo: address, options: datagramOptions(for: address))
                listeners.datagrams.append(DatagramListener(socket: socket, address: address))
            }
        }
        for address in streamAddresses {
            try attempt(address) { () throws(SystemError) in
                listeners.streams.append(StreamListener(socket: try TCPListener(boundTo: address), address: address))
            }
        }
        return listeners
    }

    private func datagramOptions(for address: TransportAddress) -> UDPSocket.Options {
        var options = UDPSocket.Options.listener(on: address.ip)
        let bytes = configuration.socketBufferSize
        options.receiveBufferBytes = bytes > 0 ? bytes : nil
        options.sendBufferBytes = bytes > 0 ? bytes : nil
        return options
    }

    /// The workers share each port, and so would a second server that was started by mistake: half of the clients would
    /// go there, and nobody be told. Only a socket that does not share finds the port taken.
    private func checkThatPortsAreFree() throws(RelayServer.StartError) {
        for address in datagramAddresses {
            try attempt(address) { () throws(SystemError) in try UDPSocket(boundTo: address).close() }
        }
        for address in streamAddresses {
            try attempt(address) { () throws(SystemError) in
                try TCPListener(boundTo: address, sharesPort: false).close()
            }
        }
    }

    private func attempt(
        _ address: TransportAddress, _ body: () throws(SystemError) -> Void
    ) throws(RelayServer.StartError) {
        do throws(SystemError) {
            try body()
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
