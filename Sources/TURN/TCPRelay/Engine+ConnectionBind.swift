import STUN
import Timing

extension Engine {
    /// ConnectionBind: joins the connection it comes over with one to a peer (RFC 6062 §5.4). Behind the success reply both
    /// are one stream of bytes.
    mutating func connectionBind(
        _ request: borrowing Request, by user: Identity
    ) throws(Refusal) -> ClientAction {
        let fiveTuple = request.client.fiveTuple
        guard fiveTuple.transport.isStream, allocations.find(fiveTuple) == nil else { throw Refusal(.badRequest) }
        let id = ConnectionID(rawValue: try request.message.uint32(.connectionID).required())
        guard let slot = pendingConnection(id, now: request.now.instant) else { throw Refusal(.badRequest) }
        let owner = allocations.owner(of: peerConnections[slot].allocation)
        // Users with tokens share a name; the key tells them apart.
        guard owner.isSame(as: user), user.tokenExpiry == nil || owner.key == user.key else {
            throw Refusal(.wrongCredentials)
        }
        peerConnections[slot].stage = .bound
        peerConnections[slot].expiry = .distantFuture
        beginSuccess(request)
        return .join(peerConnections[slot].handle)
    }

    private func pendingConnection(_ id: ConnectionID, now: Instant) -> UInt32? {
        guard let slot = peerConnections.find(id), peerConnections[slot].stage == .pending,
            now < peerConnections[slot].expiry,
            now < allocations[peerConnections[slot].allocation].expiry
        else { return nil }
        return slot
    }

    /// The worker that a ConnectionBind must be brought to, if that is another one: it alone knows the connection, and
    /// whose it is.
    func foreignWorker(for message: borrowing MessageReader, from client: Client) -> Int? {
        guard place.count > 1, client.fiveTuple.transport.isStream, allocations.find(client.fiveTuple) == nil,
            case .value(let number) = message.uint32(.connectionID)
        else { return nil }
        let worker = ConnectionID(rawValue: number).worker(of: place.count)
        return worker == place.index ? nil : Int(worker)
    }

    /// The allocation whose connection a ConnectionBind names.
    func allocation(boundBy request: borrowing Request) -> UInt32? {
        guard request.message.type.method == .connectionBind,
            case .value(let number) = request.message.uint32(.connectionID),
            let slot = peerConnections.find(ConnectionID(rawValue: number))
        else { return nil }
        return peerConnections[slot].allocation
    }
}
