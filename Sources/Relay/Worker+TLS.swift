import STUN
import TURN
import Timing
import Transport

// Clients that speak TLS: ciphertext is decrypted into a receive buffer, and from there on it is a stream like any other.

extension Worker {
    /// Handshakes that make a step in one turn. Each costs as much as a hundred packets, and those do not wait for it.
    static var handshakeStepsPerTurn: Int { 16 }

    /// Begins TLS with a connection, whose first bytes are in a buffer; false when it must be closed.
    mutating func beginTLS(_ index: UInt32, with buffer: Int, from start: Int) -> Bool {
        guard let tls, connections.begin(tls, index) else { return false }
        handshakeSteps -= 1
        if let oldest = handshakes.begin(connections.path(to: index)) { giveUpHandshake(oldest) }
        connections.wire.load(receives.bytes(buffer, start..<receives.byteCount(buffer)))
        return serveRecords(of: index)
    }

    private mutating func giveUpHandshake(_ path: ClientPath) {
        guard let index = connections.index(for: path), connections.isShakingHands(index) else { return }
        counters.handshakesGivenUp += 1
        closeConnection(index)
    }

    /// Reads records once and serves every whole frame in them; false when the connection must be closed.
    mutating func readRecords(_ index: UInt32) -> Bool {
        if connections.isShakingHands(index) {
            // The loop will be told again in its next turn.
            guard handshakeSteps > 0 else { return true }
            handshakeSteps -= 1
        }
        switch connections.readRecords(index) {
        case .nothing: return true
        case .end, .failed: return false
        case .bytes: return serveRecords(of: index)
        }
    }

    private mutating func serveRecords(of index: UInt32) -> Bool {
        let path = connections.path(to: index)
        while true {
            makeRoom()
            let buffer = receives.count
            let result = connections.decrypt(index, into: &receives)
            if receives.count > buffer {
                guard serveOrKeepFrames(in: buffer, from: 0, of: index) else { return false }
                // A reply may have found the connection broken.
                guard connections.index(for: path) != nil else { return true }
            }
            switch result {
            case .full: continue
            case .drained: return true
            case .closed:
                // What the client sent before it ended the session comes first.
                guard connections[index].isResting else { return false }
                connections[index].isEnding = true
                return true
            case .failed(let error):
                counters.tlsFailures += 1
                host.noteFailure(of: connections[index].fiveTuple, error)
                return false
            }
        }
    }

    /// Sends the records that the turn has made.
    mutating func sendRecords() {
        guard !connections.due.isEmpty else { return }
        for place in 0..<connections.due.count {
            guard let index = connections.index(for: connections.due[place]) else { continue }
            connections[index].hasFreshRecords = false
            if !connections[index].awaitsWriting, !flush(index) { closeConnection(index) }
        }
        connections.due.removeAll(keepingCapacity: true)
    }
}
