import COffload
import Glibc

/// An answer of rtnetlink(7): a header of 16 bytes, a `struct rtmsg` of 12, attributes.
struct RouteMessage {
    /// The number of the question that it answers.
    let sequence: UInt32
    /// What it says; nil when it is an error, or a route by which nothing leaves.
    let route: Route?

    init(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        sequence = Self.word(bytes, at: 8) ?? 0
        guard let type = Self.halfWord(bytes, at: 4), type == UInt16(RTM_NEWROUTE), bytes.count >= 28 else {
            route = nil
            return
        }
        let isLocal = bytes[23] == UInt8(RTN_LOCAL)
        guard isLocal || bytes[23] == UInt8(RTN_UNICAST) else {
            route = nil
            return
        }
        route = Self.attribute(UInt16(RTA_OIF.rawValue), in: bytes).map { interface in
            Route(interface: isLocal ? Route.loopback : interface, isLocal: isLocal)
        }
    }

    /// The first attribute of a type, as a number of 32 bits.
    private static func attribute(_ wanted: UInt16, in bytes: [UInt8]) -> UInt32? {
        var offset = 28
        while let length = halfWord(bytes, at: offset), length >= 4, let type = halfWord(bytes, at: offset + 2) {
            if type == wanted { return word(bytes, at: offset + 4) }
            offset += (Int(length) + 3) / 4 * 4
        }
        return nil
    }

    private static func halfWord(_ bytes: [UInt8], at offset: Int) -> UInt16? {
        guard offset + 2 <= bytes.count else { return nil }
        return UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
    }

    private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32? {
        guard let low = halfWord(bytes, at: offset), let high = halfWord(bytes, at: offset + 2) else { return nil }
        return UInt32(low) | UInt32(high) << 16
    }
}
