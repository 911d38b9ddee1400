import Glibc
import Transport

// A client's end of a connection in tests: non-blocking, and waited for with a deadline.

extension TCPSocket {
    /// Waits until the socket is ready, or its connection broken.
    func wait(for interest: Epoll.Interest, until deadline: ContinuousClock.Instant) throws {
        var epoll = try Epoll()
        try epoll.add(descriptor, interest, token: EventToken(kind: 0))
        let left = max(.zero, deadline - ContinuousClock.now)
        _ = try epoll.wait(timeoutMilliseconds: Int(left / .milliseconds(1)))
    }

    /// Sends all bytes.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            switch write(Array(bytes[sent...]).span) {
            case .bytes(0): try wait(for: .write, until: .now + .seconds(10))
            case .bytes(let count): sent += count
            case .failed(let error): throw error
            }
        }
    }

    /// The next message of the server: STUN, of which there is one at a time. Fewer bytes when the connection has ended.
    func receiveMessage() throws -> [UInt8] {
        var message: [UInt8] = []
        var wanted = 20
        while message.count < wanted {
            try wait(for: .read, until: .now + .seconds(10))
            var bytes = [UInt8](repeating: 0, count: wanted - message.count)
            let count = unsafe recv(descriptor, &bytes, bytes.count, CInt(MSG_DONTWAIT))
            guard count > 0 else { return message }
            message += bytes.prefix(count)
            if message.count == 20 { wanted = 20 + Int(message[2]) << 8 + Int(message[3]) }
        }
        return message
    }

    /// Whether the other side has closed the connection.
    var hasEnded: Bool {
        var byte: UInt8 = 0
        let result = unsafe recv(descriptor, &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT))
        return result == 0 || result < 0 && errno != EAGAIN
    }
}
