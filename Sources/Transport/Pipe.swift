import CLinux
import Glibc

/// A pipe of the kernel, through which bytes pass from one connection to another without coming to this process
/// (splice(2)). A plain value; whoever keeps it closes it, once.
package struct Pipe: Hashable, Sendable, BitwiseCopyable {
    private let entrance: CInt
    private let exit: CInt

    /// No pipe: what stands in a slab's blank record.
    package static let none = Pipe(entrance: -1, exit: -1)

    /// How many bytes are taken in at a time: what the kernel gives a pipe by itself.
    package static var capacity: Int { 65_536 }

    private init(entrance: CInt, exit: CInt) {
        self.entrance = entrance
        self.exit = exit
    }

    /// An empty pipe.
    package init() throws(SystemError) {
        var ends = InlineArray<2, CInt>(repeating: -1)
        var span = ends.mutableSpan
        try checked("pipe2", unsafe span.withUnsafeMutableBufferPointer { unsafe clinux_pipe($0.baseAddress) })
        self.init(entrance: ends[1], exit: ends[0])
    }

    /// Takes in what waits at a connection. The pipe must be empty: a full one could not be told from an idle connection.
    package func fill(from socket: TCPSocket) -> TCPSocket.ReadResult {
        let result = clinux_splice(socket.descriptor, entrance, Self.capacity)
        if result > 0 { return .bytes(result) }
        if result == 0 { return .end }
        if errno == EAGAIN || errno == EINTR { return .nothing }
        return .failed(.last("splice"))
    }

    /// Hands `count` bytes, as many as the pipe holds, to a connection, as far as the kernel takes them.
    package func drain(_ count: Int, into socket: TCPSocket) -> TCPSocket.WriteResult {
        let result = clinux_splice(exit, socket.descriptor, count)
        if result >= 0 { return .bytes(result) }
        if errno == EAGAIN || errno == EINTR { return .bytes(0) }
        return .failed(.last("splice"))
    }

    /// Closes both ends, and forgets what is inside. The value must not be used afterwards.
    package func close() {
        _ = Glibc.close(entrance)
        _ = Glibc.close(exit)
    }
}
