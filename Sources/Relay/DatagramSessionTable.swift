import TURN
import Tables
import Timing
import Transport

/// The DTLS clients of a worker, found by their 5-tuple, and the one spare session that hears all others until one of them
/// proves its address.
struct DatagramSessionTable: ~Copyable {
    private var slab = Slab<DatagramSession>(blank: .none)
    private var byFiveTuple = IndexTable()
    private let seed = HashSeed()
    private var sessions: [TLSSession?] = []
    private var spare: TLSSession?
    /// What sessions begin with; nil when DTLS is not spoken.
    var context: TLSContext? {
        didSet { spare = nil }
    }
    /// What lies between the sessions and the listeners.
    let wire = TLSWire(.datagrams)
    var timers: TimerWheel

    init(start: Instant, context: TLSContext?) {
        timers = TimerWheel(start: start)
        self.context = context
    }

    /// How many clients there are.
    var count: Int { slab.count }
    var liveIndices: [UInt32] { (0..<UInt32(slab.slotCount)).filter { slab.isLive($0) } }

    subscript(index: UInt32) -> DatagramSession {
        get { slab[index] }
        _modify { yield &slab[index] }
    }

    /// The session of a client.
    func find(_ fiveTuple: FiveTuple) -> UInt32? {
        byFiveTuple.find(hash: fiveTuple.hash(seed)) { slab[$0].fiveTuple == fiveTuple }
    }

    /// What OpenSSL knows of a session.
    func session(_ index: UInt32) -> TLSSession? { Int(index) < sessions.count ? sessions[Int(index)] : nil }

    /// A name of a session that is not taken for a later one at the same place.
    func path(to index: UInt32) -> ClientPath {
        ClientPath(connection: index, generation: slab.generation(of: index))
    }

    /// The session of such a name, unless it has ended.
    func index(for path: ClientPath) -> UInt32? {
        slab.isLive(path.index) && path.means(slab.generation(of: path.index)) ? path.index : nil
    }

    /// Lets the spare session look for a hello in the datagram on the wire. Gives it to the client if that has proven its
    /// address.
    mutating func listen(for client: FiveTuple) -> TLSSession? {
        guard let context else { return nil }
        wire.clientName = Array("\(client.client) \(client.server)".utf8)
        guard let listening = spare ?? TLSSession(context, wire: wire) else { return nil }
        switch listening.listen() {
        case .unproven:
            spare = listening
            return nil
        case .proven:
            spare = nil
            return listening
        }
    }

    /// Adds a client with its session.
    mutating func insert(_ client: DatagramSession, _ session: TLSSession) -> UInt32 {
        let index = slab.insert(client)
        byFiveTuple.insert(hash: client.fiveTuple.hash(seed), index: index)
        while sessions.count <= Int(index) { sessions.append(nil) }
        sessions[Int(index)] = session
        return index
    }

    /// Forgets a client.
    mutating func remove(_ index: UInt32) {
        if slab[index].timer != .max { timers.cancel(slab[index].timer) }
        byFiveTuple.remove(hash: slab[index].fiveTuple.hash(seed), index: index)
        sessions[Int(index)] = nil
        slab.remove(index)
    }
}
