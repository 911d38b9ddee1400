import Transport

/// The listening sockets of one worker. All of them are bound before any worker starts, so that a wrong address ends the
/// program with a message and no client meets half a server.
package struct WorkerListeners: Sendable {
    /// UDP sockets.
    package var datagrams: [DatagramListener] = []
    /// TCP sockets.
    package var streams: [StreamListener] = []

    /// Closes them all.
    func close() {
        for listener in datagrams { listener.socket.close() }
        for listener in streams { listener.socket.close() }
    }
}
