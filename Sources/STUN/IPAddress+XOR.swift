package import Addressing

extension IPAddress {
    /// The address XORed with the magic cookie, and for IPv6 with the transaction id behind it (RFC 8489 §14.2). Doing it
    /// twice gives the address back.
    package func xored(with transactionID: TransactionID) -> IPAddress {
        switch family {
        case .ipv4:
            IPAddress(v4: v4Bits ^ WireFormat.magicCookie)
        case .ipv6:
            IPAddress(
                v6High: high ^ (UInt64(WireFormat.magicCookie) << 32 | UInt64(transactionID.high)),
                low: low ^ transactionID.low)
        }
    }
}
