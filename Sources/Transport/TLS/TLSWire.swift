import Glibc

/// What OpenSSL takes for the network: ciphertext that has come, and ciphertext to be sent. One serves all sessions of a
/// thread, because both sides are emptied around each call to a session; an idle session so has no buffers at all.
@safe
package final class TLSWire {
    /// What lies under the sessions.
    package enum Carrier: Sendable {
        /// TCP: where one piece of ciphertext ends and the next begins means nothing.
        case stream
        /// UDP: every piece is a datagram.
        case datagrams
    }

    /// How much ciphertext is taken in at a time.
    package static var inputCapacity: Int { 65_536 }

    private let input: UnsafeMutablePointer<UInt8>
    private var inputRange = 0..<0
    private var output: [UInt8] = []
    /// Where each datagram in the output ends.
    private var ends: [Int] = []
    let carrier: Carrier

    /// The client at the other end, in any form that tells it from others: what a cookie is good for.
    package var clientName: [UInt8] = []
    /// The secret under which cookies are made.
    let cookieKey: [UInt8]

    /// A wire on which nothing is.
    package init(_ carrier: Carrier = .stream) {
        self.carrier = carrier
        var random = SystemRandomNumberGenerator()
        cookieKey = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        unsafe input = mapMemory(byteCount: Self.inputCapacity)
    }

    deinit {
        unsafe munmap(input, Self.inputCapacity)
    }

    /// How much of what came has not been read by a session.
    package var inputByteCount: Int { inputRange.count }

    /// Lays ciphertext out for a session, at most `inputCapacity` bytes, and forgets what an earlier one left.
    package func load(_ ciphertext: Span<UInt8>) {
        precondition(ciphertext.count <= Self.inputCapacity)
        unsafe copyBytes(ciphertext, to: input)
        inputRange = 0..<ciphertext.count
    }

    /// Forgets the ciphertext that a session has left: it is nobody's any more.
    package func forgetInput() {
        inputRange = 0..<0
    }

    /// Reads ciphertext from a connection, and forgets what a session left of other.
    package func read(from socket: TCPSocket) -> TCPSocket.ReadResult {
        let buffer = unsafe UnsafeMutableBufferPointer(start: input, count: Self.inputCapacity)
        var span = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
        let result = socket.read(into: &span)
        inputRange = 0..<(unsafe span.finalize(for: buffer))
        return result
    }

    /// How much ciphertext waits to be taken and sent.
    package var outputByteCount: Int { output.count }

    /// Hands out the ciphertext to be sent, and forgets it.
    package func takeOutput<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        // Out of the property while it is lent, so that its memory is used again and never copied.
        var bytes = exchange(&output, with: [])
        defer {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.inputCapacity * 2)
            output = bytes
        }
        return body(bytes.span)
    }

    /// Hands out the datagrams to be sent, one by one, and forgets them.
    package func takeDatagrams(_ body: (Span<UInt8>) -> Void) {
        var ends = exchange(&ends, with: [])
        defer {
            ends.removeAll(keepingCapacity: true)
            self.ends = ends
        }
        takeOutput { bytes in
            var start = 0
            for end in ends {
                body(bytes.extracting(start..<end))
                start = end
            }
        }
    }

    // MARK: - OpenSSL's side

    /// Moves input to OpenSSL's memory, and returns how much there was.
    @unsafe
    func take(into destination: UnsafeMutablePointer<CChar>, capacity: Int) -> Int {
        let count = min(capacity, inputRange.count)
        unsafe UnsafeMutableRawPointer(destination).copyMemory(from: input + inputRange.lowerBound, byteCount: count)
        // What does not fit is the end of a datagram that no honest client sends.
        inputRange = carrier == .stream ? inputRange.lowerBound + count..<inputRange.upperBound : 0..<0
        return count
    }

    /// Takes what OpenSSL sends.
    @unsafe
    func put(_ source: UnsafePointer<CChar>, count: Int) {
        unsafe output.append(contentsOf: UnsafeRawBufferPointer(start: source, count: count))
        if carrier == .datagrams { ends.append(output.count) }
    }
}
