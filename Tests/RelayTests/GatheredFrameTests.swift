import Addressing
import TURN
import Testing
import Timing
import Transport

@testable import Relay

@Suite("Frames gathered for TCP clients")
struct GatheredFrameTests {
    /// A connection in a table, its other end, and frames that were received and are to be sent.
    private struct Scene: ~Copyable {
        var table: ConnectionTable
        var receives = ReceiveBatch(capacity: 64)
        var batch = StreamBatch(capacity: 64)
        let index: UInt32
        let client: TCPSocket

        init(_ pair: (connection: Connection, client: TCPSocket), backlogLimit: Int = 256 * 1024) {
            table = ConnectionTable(start: .distantPast, backlogLimit: backlogLimit)
            index = table.insert(pair.connection)
            client = pair.client
        }

        deinit { client.close() }

        /// Adds a frame of `length` bytes that all are `byte`.
        mutating func add(_ byte: UInt8, length: Int, generation: UInt32? = nil) {
            let buffer = receives.fill { output in for _ in 0..<length { output.append(byte) } }
            let slice = receives.slice(buffer ?? 0, 0..<length)
            let isAdded = batch.append(slice, to: index, generation: generation ?? table.generation(of: index))
            #expect(isAdded)
        }

        /// Ends a turn: writes what was added and forgets it.
        mutating func write() -> ConnectionTable.WriteOutcome {
            let outcome = table.write(0, of: &batch, from: receives, to: index)
            batch.removeAll()
            receives.reset()
            return outcome
        }

        /// Reads what there is, at least `count` bytes.
        func read(atLeast count: Int) -> [UInt8] {
            var bytes: [UInt8] = []
            while bytes.count < count {
                bytes += [UInt8](capacity: 65_536) { output in _ = client.read(into: &output) }
            }
            return bytes
        }
    }

    /// Both ends of a connection.
    private func connect() throws -> (connection: Connection, client: TCPSocket) {
        let listener = try TCPListener(boundTo: TransportAddress(IPAddress(v4: 0x7F00_0001), port: 0))
        defer { listener.close() }
        let client = try TCPSocket(connectingTo: listener.localAddress())
        var reserve = DescriptorReserve()
        while true {
            guard case .accepted(let socket, let address) = listener.accept(reserve: &reserve) else { continue }
            let fiveTuple = FiveTuple(client: address, server: try listener.localAddress(), transport: .tcp)
            return (Connection(socket: socket, fiveTuple: fiveTuple, lastHeard: .distantPast), client)
        }
    }

    @Test("All frames of a turn arrive, in their order")
    func order() throws {
        var scene = Scene(try connect())
        for byte in 1...40 { scene.add(UInt8(byte), length: byte) }
        let outcome = scene.write()
        guard case .done = outcome else {
            Issue.record("the frames were not taken")
            return
        }
        let expected = (1...40).flatMap { [UInt8](repeating: UInt8($0), count: $0) }
        #expect(scene.read(atLeast: expected.count) == expected)
        for index in scene.table.liveIndices { scene.table.remove(index) }
    }

    @Test(
        "F08: a client that does not read gets whole frames only: one that has begun is finished, the newest are dropped"
    )
    func slowReader() throws {
        var scene = Scene(try connect(), backlogLimit: 100_000)
        let length = 1200
        var added = 0
        var isBlocked = false
        while scene.table.backlogDrops == 0 {
            for number in added..<added + 50 { scene.add(UInt8(number % 251), length: length) }
            added += 50
            switch scene.write() {
            case .done: break
            case .blocked:
                #expect(!isBlocked, "only the first turn that finds no room asks to wait for it")
                isBlocked = true
            case .broken: Issue.record("the connection broke")
            }
        }
        #expect(isBlocked)
        let kept = added - Int(scene.table.backlogDrops)
        #expect(scene.table[scene.index].outbound.byteCount <= 100_000)

        var bytes: [UInt8] = []
        while bytes.count < kept * length {
            bytes += scene.read(atLeast: 1)
            if case .failed = scene.table.flush(scene.index) { Issue.record("the connection broke") }
        }
        #expect(bytes.count == kept * length)
        let frames = stride(from: 0, to: bytes.count, by: length).map { bytes[$0..<$0 + length] }
        #expect(frames.allSatisfy { frame in frame.allSatisfy { $0 == frame.first } }, "a frame was cut")
        #expect(
            frames.enumerated().allSatisfy { $0.element.first == UInt8($0.offset % 251) }, "not the newest were dropped"
        )
        for index in scene.table.liveIndices { scene.table.remove(index) }
    }

    @Test("What was gathered for a connection that has closed does not reach the next one in its place")
    func staleFrames() throws {
        var scene = Scene(try connect())
        let generation = scene.table.generation(of: scene.index)
        scene.add(1, length: 100, generation: generation &- 1)
        scene.add(2, length: 10)
        _ = scene.write()
        #expect(scene.read(atLeast: 10) == [UInt8](repeating: 2, count: 10))
        for index in scene.table.liveIndices { scene.table.remove(index) }
    }

    @Test("A broken connection is told so, and nothing of it is kept")
    func broken() throws {
        var scene = Scene(try connect())
        scene.table[scene.index].socket.breakOff()
        scene.add(1, length: 100)
        let outcome = scene.write()
        guard case .broken = outcome else {
            Issue.record("writing to a broken connection went well")
            return
        }
        #expect(scene.table[scene.index].outbound.isEmpty)
        for index in scene.table.liveIndices { scene.table.remove(index) }
    }
}
