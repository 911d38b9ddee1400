import Addressing
import Glibc
import STUN
import TURN
import Testing
import Transport

@testable import Relay

/// What clients without credentials can make a worker keep.
@Suite("Strangers on TCP", .serialized)
struct StrangerTests {
    @Test("P11: connections that never speak are all closed when their time is over, however many there are")
    func silence() throws {
        _ = try FileDescriptorLimit.raise()
        var settings = WorkerSettings()
        settings.firstMessageSeconds = 1
        let bench = try WorkerBench(settings)
        var open: [TCPSocket] = []
        for _ in 0..<1500 { open.append(try TCPSocket(connectingTo: bench.address)) }
        // The first to be closed shows that the time is over; the others have three seconds more.
        var deadline = ContinuousClock.now + .seconds(20)
        for (place, socket) in open.enumerated() {
            try waitForEnd(of: socket, until: deadline)
            if place == 0 { deadline = ContinuousClock.now + .seconds(3) }
        }
        #expect(open.allSatisfy { $0.hasEnded })
        for socket in open { socket.close() }
    }

    @Test("P11: a source has so many connections and no more, and as many again when those are closed")
    func sources() throws {
        var settings = WorkerSettings()
        settings.connectionsPerSource = 5
        let bench = try WorkerBench(settings)
        for _ in 0..<2 {
            let first = try (0..<5).map { _ in try TCPSocket(connectingTo: bench.address) }
            for socket in first { try waitForAnswer(on: socket) }
            let sixth = try TCPSocket(connectingTo: bench.address)
            try waitForEnd(of: sixth, until: .now + .seconds(10))
            #expect(sixth.hasEnded && !first.contains { $0.hasEnded })
            // Another source is not affected.
            let other = try TCPSocket(
                connectingTo: bench.address, from: TransportAddress(IPAddress(v4: 0x7F00_0002), port: 0))
            try waitForAnswer(on: other)
            // An end that the worker has seen is answered with its own.
            for socket in first + [other] {
                socket.shutdownWriting()
                try waitForEnd(of: socket, until: .now + .seconds(10))
                #expect(socket.hasEnded)
            }
            for socket in first + [sixth, other] { socket.close() }
        }
    }

    @Test("P11: strangers have so many connections, and the oldest makes room for the newest")
    func strangers() throws {
        var settings = WorkerSettings()
        settings.strangers = 3
        let bench = try WorkerBench(settings)
        var open: [TCPSocket] = []
        for _ in 0..<5 {
            open.append(try TCPSocket(connectingTo: bench.address))
            try waitForAnswer(on: open[open.count - 1])
        }
        for socket in open[..<2] {
            try waitForEnd(of: socket, until: .now + .seconds(10))
            #expect(socket.hasEnded)
        }
        for socket in open[2...] { try waitForAnswer(on: socket) }
        for socket in open { socket.close() }
    }

    @Test("P11: thousands of tiny frames in one segment are served a few a turn, and none is lost or left waiting")
    func tinyFrames() throws {
        let bench = try WorkerBench(WorkerSettings())
        let (busy, other) = (try TCPSocket(connectingTo: bench.address), try TCPSocket(connectingTo: bench.address))
        defer {
            busy.close()
            other.close()
        }
        // ChannelData without a channel: dropped, but each is a frame. Behind them, in the same segments, comes a request.
        let frames = Array(repeatElement([0x40, 0, 0, 0] as [UInt8], count: 20_000).joined())
        for _ in 0..<5 {
            try busy.send(frames + Self.request)
            try waitForAnswer(on: other)
            try readAnswer(on: busy)
        }
        // The end of the stream is seen behind the frames, too.
        try busy.send(frames)
        busy.shutdownWriting()
        try waitForEnd(of: busy, until: .now + .seconds(10))
        #expect(busy.hasEnded)
    }

    @Test("F08: a client without an allocation that does not read its replies is closed, and nothing is kept for it")
    func unreadReplies() throws {
        let bench = try WorkerBench(WorkerSettings()) { $0.software = Array(repeating: 65, count: 500) }
        let client = try TCPSocket(connectingTo: bench.address)
        defer { client.close() }
        let requests = Array(repeatElement(Self.request, count: 50).joined())
        // The kernel takes some megabytes of replies, and no more.
        var isClosed = false
        var sent = 0
        let deadline = ContinuousClock.now + .seconds(10)
        while !isClosed, ContinuousClock.now < deadline {
            switch client.write(Array(requests.dropFirst(sent % requests.count)).span) {
            case .bytes(0): try client.wait(for: .write, until: deadline)
            case .bytes(let count): sent += count
            case .failed: isClosed = true
            }
        }
        #expect(isClosed)
    }

    private static let request = ClientMessages.message(.binding)

    private func waitForEnd(of socket: TCPSocket, until deadline: ContinuousClock.Instant) throws {
        try socket.wait(for: .read, until: deadline)
    }

    /// Asks, and waits for the answer.
    private func waitForAnswer(on socket: TCPSocket) throws {
        try socket.send(Self.request)
        try readAnswer(on: socket)
    }

    private func readAnswer(on socket: TCPSocket) throws {
        let answer = try socket.receiveMessage()
        #expect(answer.count == 32 && answer[0] == 1)
    }
}
