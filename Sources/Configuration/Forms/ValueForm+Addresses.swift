import Addressing

extension ValueForm where Value == IPAddress {
    /// An IPv4 or IPv6 address.
    static var address: ValueForm {
        ValueForm(
            placeholder: "<address>",
            expectation: "an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1",
            read: { IPAddress(String(decoding: $0, as: UTF8.self)) },
            show: { $0.description })
    }
}

extension ValueForm where Value == TransportAddress {
    /// An address with a port that can be listened on.
    static var endpoint: ValueForm {
        ValueForm(
            placeholder: "<address:port>",
            expectation: "an address and a port such as 192.0.2.1:3480 or [2001:db8::1]:3480",
            read: { TransportAddress(String(decoding: $0, as: UTF8.self)).flatMap { $0.port == 0 ? nil : $0 } },
            show: { $0.description })
    }
}

extension ValueForm where Value == AddressRange {
    /// An address, a CIDR block, or first-last.
    static var range: ValueForm {
        ValueForm(
            placeholder: "<range>",
            expectation: "an address, block or range such as 192.0.2.1, 192.0.2.0/24 or 192.0.2.1-192.0.2.9",
            read: { try? AddressRange(parsing: String(decoding: $0, as: UTF8.self)) },
            show: { $0.description })
    }
}

extension ValueForm where Value == ExternalAddress {
    /// `public` or `public/private`.
    static var externalAddress: ValueForm {
        ValueForm(
            placeholder: "<public[/private]>",
            expectation: "a public address, or public/private of one family (host names are not looked up)",
            read: { readExternalAddress(String(decoding: $0, as: UTF8.self)) },
            show: { $0.description })
    }
}

extension ValueForm where Value == ConfiguredAlternateServer {
    /// `address`, `address:port` or `address:port/domain`.
    static func alternateServer(_ clients: ConfiguredAlternateServer.Clients) -> ValueForm {
        let port: UInt16 = clients == .tlsAndDTLS ? 5349 : 3478
        return ValueForm(
            placeholder: "<address[:port]>",
            expectation: "an address such as 192.0.2.1:3478 or [2001:db8::1]:3478 (host names are not looked up)",
            read: { readAlternateServer(String(decoding: $0, as: UTF8.self), clients, defaultPort: port) },
            show: { $0.address.description })
    }
}

private func readAlternateServer(
    _ text: String, _ clients: ConfiguredAlternateServer.Clients, defaultPort: UInt16
) -> ConfiguredAlternateServer? {
    let slash = text.firstIndex(of: "/") ?? text.endIndex
    let place = text[..<slash]
    let domain = Array(text[slash...].dropFirst().utf8)
    // RFC 8489 §14.16: at most 255 bytes, a name in ASCII.
    guard domain.count <= 255, domain.allSatisfy({ (0x21...0x7E).contains($0) }),
        let address = TransportAddress(place) ?? IPAddress(place).map({ TransportAddress($0, port: defaultPort) }),
        address.port != 0, !address.ip.isUnspecified
    else { return nil }
    return ConfiguredAlternateServer(clients, at: address, domain: domain)
}

private func readExternalAddress(_ text: String) -> ExternalAddress? {
    guard let slash = text.firstIndex(of: "/") else { return IPAddress(text).map { ExternalAddress(public: $0) } }
    guard let seen = IPAddress(text[..<slash]), let own = IPAddress(text[text.index(after: slash)...]),
        seen.family == own.family
    else { return nil }
    return ExternalAddress(public: seen, private: own)
}
