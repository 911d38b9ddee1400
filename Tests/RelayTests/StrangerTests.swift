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
        var isFirst = true
        while !open.isEmpty, ContinuousClock.now < deadline {
            let before = open.count
            open.removeAll { socket in
                guard hasEnded(socket) else { return false }
                socket.close()
                return true
            }
            if isFirst, open.count < before {
                isFirst = false
                deadline = ContinuousClock.now + .seconds(3)
            }
            usleep(20_000)
        }
        #expect(open.count == 0)
        for socket in open { socket.close() }
    }

    @Test("F08: a client without an allocation that does not read its replies is closed, and nothing is kept for it")
    func unreadReplies() throws {
        let bench = try WorkerBench(WorkerSettings()) { $0.software = Array(repeating: 65, count: 500) }
        let client = try TCPSocket(connectingTo: bench.address)
        defer { client.close() }
        var writer = MessageWriter()
        writer.begin(MessageType(.binding, .request), TransactionID(high: 1, low: 2))
        let requests = Array(repeatElement(writer.bytes, count: 50).joined())
        // The kernel takes some megabytes of replies, and no more.
        var isClosed = false
        var sent = 0
        let deadline = ContinuousClock.now + .seconds(10)
        while !isClosed, ContinuousClock.now < deadline {
            switch client.write(Array(requests.dropFirst(sent % requests.count)).span) {
            case .bytes(0): usleep(1000)
            case .bytes(let count): sent += count
            case .failed: isClosed = true
            }
        }
        #expect(isClosed)
    }

    /// Whether the other side has closed the connection.
    private func hasEnded(_ socket: TCPSocket) -> Bool {
        var byte: UInt8 = 0
        let result = unsafe recv(socket.descriptor, &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT))
        return result == 0 || result < 0 && errno != EAGAIN
    }
}
