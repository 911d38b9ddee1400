import TURN
import Transport

/// A client's connection on its way to where it goes on: to another worker, or to be joined with a peer's.
///
/// One thread at a time has it, though it is not Sendable to the compiler because of its session: who posts it has let go
/// of everything in it.
package struct DetachedConnection: @unchecked Sendable {
    /// The socket.
    let socket: TCPSocket
    /// Both ends.
    let fiveTuple: FiveTuple
    /// The TLS session, if it has one.
    let session: TLSSession?
    /// What the client has sent that nobody has looked at.
    var unread: [UInt8] = []
    /// What the kernel has not taken yet of what the client is to get; with TLS it is encrypted.
    var unsent: [UInt8] = []
    /// Whether the client has sent all it will.
    var hasEnded = false

    /// Closes it unused.
    func close() {
        socket.close()
    }
}
