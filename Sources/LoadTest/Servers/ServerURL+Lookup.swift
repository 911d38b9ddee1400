package import Addressing
import Glibc

extension ServerURL {
    /// The server's address; a name is looked up, and its first address counts.
    package func address() throws(ServerURLError) -> TransportAddress {
        if let ip = IPAddress(host) { return TransportAddress(ip, port: port) }
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { throw .unknownHost(host) }
        defer { unsafe freeaddrinfo(list) }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard let first = unsafe list,
            unsafe getnameinfo(
                first.pointee.ai_addr, first.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
                == 0,
            let ip = IPAddress(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        else { throw .unknownHost(host) }
        return TransportAddress(ip, port: port)
    }
}
