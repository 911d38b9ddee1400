// The ways in which an IPv4 address hides inside an IPv6 one. Each was used to dodge somebody's deny list.

extension IPAddress {
    /// The IPv4 address inside `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2).
    package var mappedIPv4: IPAddress? {
        guard family == .ipv6, high == 0, low >> 32 == 0xFFFF else { return nil }
        return IPAddress(v4: UInt32(truncatingIfNeeded: low))
    }

    /// The same address with the mapped form folded to IPv4, as a dual-stack socket reports its IPv4 peers.
    package var canonical: IPAddress { mappedIPv4 ?? self }

    /// `::ffff:a.b.c.d` for an IPv4 address; an IPv6 address is returned as it is.
    package var mappedToIPv6: IPAddress {
        family == .ipv6 ? self : IPAddress(v6High: 0, low: 0xFFFF_0000_0000 | low)
    }

    /// Every IPv4 address that this IPv6 address may stand for: mapped, compatible, 6to4, NAT64, Teredo (server and
    /// client) and ISATAP. Empty for IPv4.
    package var embeddedIPv4: [IPAddress] {
        guard family == .ipv6 else { return [] }
        let lowest = IPAddress(v4: UInt32(truncatingIfNeeded: low))
        var found: [IPAddress] = []
        if high == 0, low >> 32 == 0 || low >> 32 == 0xFFFF, !isUnspecified, !isLoopback {
            found.append(lowest)  // ::a.b.c.d (RFC 4291 §2.5.5.1) and ::ffff:a.b.c.d (§2.5.5.2)
        }
        if high == 0, low >> 32 == 0xFFFF_0000 {
            found.append(lowest)  // ::ffff:0:a.b.c.d, the translated form of RFC 2765
        }
        if high >> 48 == 0x2002 {
            found.append(IPAddress(v4: UInt32(truncatingIfNeeded: high >> 16)))  // 6to4, RFC 3056
        }
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 {
            found.append(lowest)  // NAT64 well-known prefix, RFC 6052
        }
        if high >> 16 == 0x0064_FF9B_0001 {
            found.append(lowest)  // NAT64 local-use prefix with a /96, RFC 8215
        }
        if high >> 32 == 0x2001_0000 {
            found.append(IPAddress(v4: UInt32(truncatingIfNeeded: high)))  // Teredo server, RFC 4380
            found.append(IPAddress(v4: ~UInt32(truncatingIfNeeded: low)))  // Teredo client, stored inverted
        }
        if low >> 32 | 0x0200_0000 == 0x0200_5EFE {
            found.append(lowest)  // ISATAP interface identifier, RFC 5214
        }
        return found
    }
}
