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
            for ip in addressing.listening { try bind(TransportAddress(ip, port: configuration.listeningPort), &own) }
            for ip in configuration.discoveryAddresses {
                try bind(TransportAddress(ip, port: configuration.alternatePort), &own)
            }
            listeners.append(own)
        }
        guard listeners.allSatisfy({ !$0.datagrams.isEmpty || !$0.streams.isEmpty }) else {
            throw RelayServer.StartError(description: "no listener: check listening-ip, no-udp and no-tcp")
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

    private func bind(_ address: TransportAddress, _ listeners: inout WorkerListeners) throws(RelayServer.StartError) {
        do throws(SystemError) {
            if !configuration.noUDP {
                var options = UDPSocket.Options.listener(on: address.ip)
                let bytes = configuration.socketBufferSize
                options.receiveBufferBytes = bytes > 0 ? bytes : nil
                options.sendBufferBytes = bytes > 0 ? bytes : nil
                listeners.datagrams.append(
                    DatagramListener(socket: try UDPSocket(boundTo: address, options: options), address: address))
            }
            if !configuration.noTCP {
                listeners.streams.append(StreamListener(socket: try TCPListener(boundTo: address), address: address))
            }
        } catch {
            // A machine without IPv6 is no reason not to serve IPv4, unless somebody asked for it by name.
            if addressing.listensByDefault, error.isFamilyNotSupported || error.isAddressNotAvailable { return }
            throw RelayServer.StartError(description: "cannot listen on \(address): \(error)")
        }
    }
}

extension WorkerSettings {
    init(_ configuration: ServerConfiguration) {
        self.init()
        idleConnectionSeconds = UInt32(clamping: configuration.maxAllocateTimeoutSeconds)
        // Relay sockets are many, and the kernel's default holds enough for one client.
        socketBufferBytes = nil
    }
}
