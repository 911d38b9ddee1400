import Addressing
import Configuration
import Glibc
import Transport

extension Doctor {
    /// The name by which clients know the server: it must lead to an address of this machine, or to an external one.
    func examineName() -> [Finding] {
        guard let host else { return [] }
        let found = Self.addresses(of: host)
        guard !found.isEmpty else {
            return [.fault("name-unknown", "no address is known for \(host)", cure: "write an A or AAAA record for it")]
        }
        let own = Set(ownAddresses)
        let foreign = found.filter { !own.contains($0) }
        guard foreign.isEmpty else {
            let list = foreign.map(\.description).joined(separator: ", ")
            return [
                .fault(
                    "name-elsewhere", "\(host) leads to \(list), which is no address of this server",
                    cure: "mend the record; behind a NAT write external-ip=PUBLIC/PRIVATE")
            ]
        }
        return [.fine("name", "\(host) leads to \(found.map(\.description).joined(separator: ", "))")]
    }

    private var ownAddresses: [IPAddress] {
        // A machine that cannot list its addresses has those that are written down.
        let interfaces = (try? InterfaceAddress.all().map(\.ip)) ?? []
        return interfaces + configuration.listeningAddresses + configuration.externalAddresses.map(\.publicAddress)
    }

    /// What the system's resolver knows.
    static func addresses(of host: String) -> [IPAddress] {
        if let ip = IPAddress(host) { return [ip] }
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = CInt(SOCK_DGRAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var found: [IPAddress] = []
        var cursor = unsafe list
        while let entry = unsafe cursor {
            unsafe cursor = entry.pointee.ai_next
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = unsafe getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            guard status == 0, let ip = IPAddress(String(decoding: bytes, as: UTF8.self)) else { continue }
            if !found.contains(ip) { found.append(ip) }
        }
        return found
    }
}
