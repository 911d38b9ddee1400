import STUN
import Timing

// ORIGIN: the web page that a client says it comes from (draft-ietf-tram-stun-origin). Nothing proves it; it catches
// credentials and sockets that one page shares with another by mistake.

extension Engine {
    /// ORIGIN of a request, canonical, or nothing where there is none; it must be that of the Allocate that the request's
    /// session began with, otherwise 441 as in coturn. Nil where nobody looks at it.
    func consistentOrigin(of request: borrowing Request) throws(Refusal) -> [UInt8]? {
        guard settings.checksOriginConsistency else { return nil }
        guard let given = request.message.value(of: .origin) else { return try check([], in: request) }
        guard given.count <= Self.maximumTextByteCount else { throw Refusal(.badRequest) }
        return try check(FurtherRealms.canonical(given.copied()), in: request)
    }

    private func check(_ origin: [UInt8], in request: borrowing Request) throws(Refusal) -> [UInt8] {
        guard let index = allocation(concerning: request), let first = allocations.owner(of: index).origin,
            request.now.instant < allocations[index].expiry
        else { return origin }
        guard first == origin else { throw Refusal(.wrongCredentials) }
        return origin
    }
}
