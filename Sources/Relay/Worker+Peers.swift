import Addressing
import STUN
import TURN
import Tables
import Timing
import Transport

// Datagrams from peers: a header is written in front of the payload where the kernel put it, and both go to the client.

extension Worker {
    mutating func receiveFromPeers(_ token: EventToken) {
        guard let relay = host.relay(for: token) else { return }
        makeRoom()
        let first = receives.count
        guard let count = receive(from: relay, token.index) else { return }
        peerDatagrams += count
        for datagram in first..<first + count {
            receiveFromPeer(datagram, for: relay.allocation)
        }
    }

    private mutating func receive(from relay: WorkerHost.RelaySocket, _ index: UInt32) -> Int? {
        guard relay.singleTurns == 0 else {
            host.relays[index].singleTurns -= 1
            return receiveOne(from: relay.socket)
        }
        let count = receive(from: relay.socket)
        if count == 1 { host.relays[index].singleTurns = WorkerHost.RelaySocket.mostSingleTurns }
        return count
    }

    private mutating func receiveFromPeer(_ datagram: Int, for allocation: AllocationID) {
        guard let source = receives.source(datagram) else { return }
        guard !receives.isTruncated(datagram) else {
            counters.truncated += 1
            return
        }
        let byteCount = receives.byteCount(datagram)
        switch engine.receiveFromPeer(source, byteCount: byteCount, on: allocation, now: now.instant) {
        case .drop:
            break
        case .channelData(let channel, let path, let fiveTuple):
            let header = ChannelData.header(channel, length: UInt16(truncatingIfNeeded: byteCount))
            receives.write(header, at: -WireFormat.channelDataHeaderByteCount, in: datagram)
            send(
                datagram, -WireFormat.channelDataHeaderByteCount..<byteCount, to: path, fiveTuple,
                padding: WireFormat.padded(byteCount) - byteCount)
        case .dataIndication(let indication, let path, let fiveTuple):
            let head = indication.head.span.extracting(0..<indication.headByteCount)
            receives.write(head, at: -indication.headByteCount, in: datagram)
            receives.write(UInt32(0), at: byteCount, in: datagram)
            send(
                datagram, -indication.headByteCount..<byteCount + indication.paddingByteCount, to: path, fiveTuple,
                padding: 0)
        }
    }

    /// Sends a range of a buffer to a client. On a stream ChannelData is padded with zeros (RFC 8656 §12.5).
    private mutating func send(
        _ datagram: Int, _ range: Range<Int>, to path: ClientPath, _ fiveTuple: FiveTuple, padding: Int
    ) {
        guard path.isConnection else {
            if fiveTuple.transport == .dtls { return sendRecord(datagram, range, to: fiveTuple) }
            let listener = listeners.datagrams[Int(path.index)]
            return queue(
                receives.slice(datagram, range), to: SocketAddress(fiveTuple.client), on: listener.socket,
                from: listener.replySource(fiveTuple.server))
        }
        guard let index = connections.index(for: path) else { return }
        if padding > 0 { receives.write(UInt32(0), at: range.upperBound, in: datagram) }
        write(datagram, range.lowerBound..<range.upperBound + padding, to: index)
    }
}
