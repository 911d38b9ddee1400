package import Addressing
import CLinux
import Glibc

/// The datagrams that leave at the end of a turn, gathered so that each socket is called once.
///
/// A relayed datagram is a slice of the `ReceiveBatch` and is sent from where it was received. Replies that were made
/// here are copied into a small memory of the batch's own.
///
///     if !sends.append(receives.slice(i, -4..<n), to: client, on: listener) { flush, then once more }
///     sends.flush(from: receives)
@safe
package struct SendBatch: ~Copyable {
    /// A datagram to be sent.
    struct Entry: BitwiseCopyable {
        /// Stands first, and its words first in it: the kernel is given the address of the entry.
        var destination: SocketAddress
        var payload: Payload
        var source: IPAddress?
        var dontFragment: Bool
    }

    /// Where the bytes of a datagram are.
    enum Payload: BitwiseCopyable {
        case received(ReceiveBatch.Slice)
        case copied(offset: Int, byteCount: Int)

        /// How many bytes there are.
        var byteCount: Int {
            switch self {
            case .received(let slice): Int(slice.byteCount)
            case .copied(_, let byteCount): byteCount
            }
        }
    }

    /// How many datagrams fit.
    package let capacity: Int
    /// How many datagrams wait for the flush.
    package private(set) var count = 0
    /// What became of all datagrams so far.
    package var counters = SendCounters()

    /// Whether a refused datagram is tried once more: on sockets that `reportsErrors`.
    let asksTwice: Bool
    /// The longest datagrams of which trains are made; shorter once the kernel has refused a train.
    var longestSegment = Int.max
    var chains: SocketChains
    let entries: UnsafeMutablePointer<Entry>
    let messages: UnsafeMutablePointer<clinux_mmsghdr>
    let vectors: UnsafeMutablePointer<iovec>
    let controls: UnsafeMutablePointer<UInt8>
    let copies: UnsafeMutablePointer<UInt8>
    let copyCapacity: Int
    private var copyCount = 0

    /// Room for `capacity` datagrams and `copyCapacity` bytes of copied ones.
    ///
    /// - Parameter asksTwice: whether the sockets tell what came back for an earlier datagram in place of sending one
    ///   (`UDPSocket.Options.reportsErrors`), and are to be asked again then. Elsewhere that would only double the work that
    ///   a datagram costs which cannot be sent.
    package init(capacity: Int, copyCapacity: Int = 262_144, asksTwice: Bool = false) {
        precondition(capacity > 0)
        self.capacity = capacity
        self.asksTwice = asksTwice
        self.copyCapacity = copyCapacity
        chains = SocketChains(capacity: capacity)
        unsafe entries = .allocate(capacity: capacity)
        unsafe messages = .allocate(capacity: capacity)
        unsafe vectors = .allocate(capacity: capacity)
        unsafe controls = .allocate(capacity: capacity * Int(clinux_control_size))
        unsafe copies = mapMemory(byteCount: copyCapacity)
        unsafe messages.initialize(repeating: clinux_mmsghdr(), count: capacity)
        unsafe vectors.initialize(repeating: iovec(), count: capacity)
        unsafe controls.initialize(repeating: 0, count: capacity * Int(clinux_control_size))
    }

    deinit {
        unsafe entries.deallocate()
        unsafe messages.deallocate()
        unsafe vectors.deallocate()
        unsafe controls.deallocate()
        unsafe munmap(copies, copyCapacity)
    }

    /// Adds a datagram whose bytes lie in the `ReceiveBatch` of this turn; returns false when there is no room before
    /// the next flush.
    ///
    /// `source` makes it leave from that local address, on a socket bound to a wildcard one. `dontFragment` sends it
    /// with DF set, which costs calls of its own.
    package mutating func append(
        _ slice: ReceiveBatch.Slice, to destination: SocketAddress, on socket: UDPSocket, from source: IPAddress? = nil,
        dontFragment: Bool = false
    ) -> Bool {
        guard count < capacity else { return false }
        add(
            Entry(
                destination: destination, payload: .received(slice), source: source, dontFragment: dontFragment),
            on: socket)
        return true
    }

    /// Adds a datagram whose bytes are copied; returns false when there is no room before the next flush.
    package mutating func append(
        copying bytes: Span<UInt8>, to destination: SocketAddress, on socket: UDPSocket, from source: IPAddress? = nil,
        dontFragment: Bool = false
    ) -> Bool {
        guard count < capacity, bytes.count <= copyCapacity - copyCount else { return false }
        unsafe copyBytes(bytes, to: copies + copyCount)
        add(
            Entry(
                destination: destination, payload: .copied(offset: copyCount, byteCount: bytes.count),
                source: source, dontFragment: dontFragment),
            on: socket)
        copyCount += bytes.count
        return true
    }

    private mutating func add(_ entry: Entry, on socket: UDPSocket) {
        unsafe (entries + count).initialize(to: entry)
        chains.append(UInt32(count), descriptor: socket.descriptor)
        count += 1
    }

    /// Forgets all datagrams, sent or not.
    package mutating func removeAll() {
        chains.removeAll()
        count = 0
        copyCount = 0
    }
}
