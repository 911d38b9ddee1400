import Addressing
import TURN
import Testing
import Timing
import Transport

@testable import Relay

@Suite("Backlog of slow readers")
struct BacklogTests {
    @Test("F08: a slow reader that takes all the memory there is does not end the connections of others")
    func memoryForOthers() throws {
        let listener = try TCPListener(boundTo: TransportAddress(IPAddress(v4: 0x7F00_0001), port: 0))
        defer { listener.close() }
        var table = ConnectionTable(
            start: .distantPast, backlogLimit: 1 << 30, buffers: StreamBuffers(byteCapacity: 256 * 1024))
        let frame = Array(repeating: UInt8(0), count: 1200)
        let answer = Array(repeating: UInt8(1), count: 100)
        var blocked = 0
        var clients: [TCPSocket] = []
        for _ in 0..<8 {
            clients.append(try TCPSocket(connectingTo: listener.localAddress()))
            let index = table.insert(try accept(on: listener))
            var outcome = ConnectionTable.WriteOutcome.done
            while case .done = outcome, table[index].outbound.isEmpty {
                outcome = table.write(frame.span, .media, to: index)
            }
            guard case .blocked = outcome else { break }
            blocked += 1
            let drops = table.backlogDrops
            while table.backlogDrops == drops { _ = table.write(frame.span, .media, to: index) }
            // Over TCP nobody asks twice: an answer still finds room, and the client is kept.
            let answered = table.write(answer.span, .reply, to: index)
            guard case .done = answered else {
                Issue.record("an answer was lost behind the media")
                break
            }
            #expect(table.backlogDrops == drops + 1)
        }
        #expect(blocked == 8)
        for index in table.liveIndices { table.remove(index) }
        for client in clients { client.close() }
    }

    private func accept(on listener: TCPListener) throws -> Connection {
        var reserve = DescriptorReserve()
        while true {
            guard case .accepted(let socket, let client) = listener.accept(reserve: &reserve) else { continue }
            let server = try listener.localAddress()
            return Connection(
                socket: socket, fiveTuple: FiveTuple(client: client, server: server, transport: .tcp),
                lastHeard: .distantPast)
        }
    }
}
