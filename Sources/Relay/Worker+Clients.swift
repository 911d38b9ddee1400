import Addressing
import STUN
import TURN
import Timing
import Transport

// Datagrams from UDP clients: to the engine, and on to peers or back.

extension Worker {
    mutating func receiveFromClients(_ index: UInt32) {
        guard Int(index) < listeners.datagrams.count else { return }
        makeRoom()
        let listener = listeners.datagrams[Int(index)]
        let first = receives.count
        guard let count = receive(from: listener.socket) else { return }
        for buffer in first..<first + count {
            receiveFromClient(buffer, on: listener, index)
        }
    }

    /// Receives what one socket has, up to its share of the turn; nil after an error, which is counted.
    mutating func receive(from socket: UDPSocket) -> Int? {
        do throws(SystemError) {
            return try receives.receive(from: socket, limit: Self.datagramsPerSocket)
        } catch {
            counters.receiveErrors += 1
            return nil
        }
    }

    /// Receives one datagram of a socket, if there is one; nil after an error, which is counted.
    mutating func receiveOne(from socket: UDPSocket) -> Int? {
        do throws(SystemError) {
            return try receives.receiveOne(from: socket)
        } catch {
            counters.receiveErrors += 1
            return nil
        }
    }

    /// Serves a buffer: one datagram, or several that the kernel has joined.
    private mutating func receiveFromClient(_ buffer: Int, on listener: DatagramListener, _ index: UInt32) {
        guard let source = receives.source(buffer) else { return }
        guard !receives.isTruncated(buffer) else {
            counters.truncated += 1
            return
        }
        let server = listener.serverAddress(reported: receives.localAddress(buffer))
        let fiveTuple = FiveTuple(client: source, server: server, transport: .udp)
        let end = receives.byteCount(buffer)
        var start = 0
        while start < end {
            let range = receives.datagram(at: start, in: buffer)
            receiveFromClient(buffer, range, fiveTuple, over: index)
            start = range.upperBound
        }
    }

    /// Serves one datagram of a client that came to a listener of this worker.
    mutating func receiveFromClient(_ buffer: Int, _ range: Range<Int>, _ fiveTuple: FiveTuple, over index: UInt32) {
        if case .dtls = PacketKind(firstByte: receives.bytes(buffer, range)[0]) {
            return receiveRecord(buffer, range, from: fiveTuple, over: index)
        }
        guard settings.servesPlainUDP else { return }
        let client = Client(fiveTuple: fiveTuple, path: ClientPath(listener: index))
        let action = engine.receive(buffer, range, of: receives, from: client, now: now, host: &host)
        switch action {
        case .none: claimAllocation(for: buffer, range)
        case .close, .join: break
        case .handOver(let worker): forward(buffer, range, of: client, to: worker)
        case .relay(let payload): sendToPeer(payload, from: buffer, at: range.lowerBound)
        case .reply: replyToClient(fiveTuple, over: listeners.datagrams[Int(index)])
        case .replyElsewhere(let source, let destination): reply(from: source, to: destination)
        }
    }

    /// Sends the engine's reply from the listener on another address of the server.
    private mutating func reply(from source: TransportAddress, to destination: TransportAddress) {
        guard let listener = listeners.datagrams.first(where: { $0.address == source }) else { return }
        replyToClient(FiveTuple(client: destination, server: source, transport: .udp), over: listener)
    }

    private mutating func replyToClient(_ fiveTuple: FiveTuple, over listener: DatagramListener) {
        let message = engine.reply
        reply(with: message.span, to: fiveTuple, over: listener)
    }

    /// Sends bytes made here to a client.
    mutating func reply(with bytes: Span<UInt8>, to fiveTuple: FiveTuple, over listener: DatagramListener) {
        let destination = SocketAddress(fiveTuple.client)
        let source = listener.replySource(fiveTuple.server)
        if sends.append(copying: bytes, to: destination, on: listener.socket, from: source) { return }
        sends.flush(from: receives)
        _ = sends.append(copying: bytes, to: destination, on: listener.socket, from: source)
    }

    /// Sends a part of a received buffer on to a peer, from where it lies. `frame` is where the engine's message begins in
    /// the buffer.
    mutating func sendToPeer(_ payload: RelayedPayload, from buffer: Int, at frame: Int) {
        let start = frame + payload.offset
        let slice = receives.slice(buffer, start..<start + payload.length)
        queue(
            slice, to: SocketAddress(payload.destination), on: host.socket(of: payload.relay),
            dontFragment: payload.dontFragment)
    }

    /// Adds a slice to what leaves at the end of the turn, or earlier when there is no more room.
    mutating func queue(
        _ slice: ReceiveBatch.Slice, to destination: SocketAddress, on socket: UDPSocket, from source: IPAddress? = nil,
        dontFragment: Bool = false
    ) {
        if sends.append(slice, to: destination, on: socket, from: source, dontFragment: dontFragment) { return }
        sends.flush(from: receives)
        _ = sends.append(slice, to: destination, on: socket, from: source, dontFragment: dontFragment)
    }
}
