package import Addressing
package import Cryptography

/// Writes one STUN message after another into memory that is kept. The header's length field is right after every call,
/// and all padding is zero.
package struct MessageWriter: Sendable {
    /// The message so far.
    package private(set) var bytes: [UInt8] = []

    /// A writer with room for the largest message a server sends.
    package init(capacity: Int = 2048) {
        bytes.reserveCapacity(capacity)
    }

    /// Begins a message; what was written before is gone. Only answers to RFC 3489 have no magic cookie.
    package mutating func begin(
        _ type: MessageType, _ transactionID: TransactionID, cookie: UInt32 = WireFormat.magicCookie
    ) {
        bytes.removeAll(keepingCapacity: true)
        append(type.wireValue)
        append(UInt16(0))
        append(cookie)
        append(transactionID.high)
        append(UInt32(truncatingIfNeeded: transactionID.low >> 32))
        append(UInt32(truncatingIfNeeded: transactionID.low))
    }

    /// Adds an attribute of any type. The value must be shorter than 65 532 bytes.
    package mutating func add(_ type: AttributeType, _ value: Span<UInt8>) {
        addHeader(type, length: value.count)
        for index in value.indices { bytes.append(value[index]) }
        pad()
    }

    /// Adds an attribute of any type.
    package mutating func add(_ type: AttributeType, _ value: [UInt8]) {
        add(type, value.span)
    }

    /// Adds an attribute of four bytes: LIFETIME as it is; CHANNEL-NUMBER, REQUESTED-TRANSPORT and the families with their
    /// value in the upper bytes.
    package mutating func add(_ type: AttributeType, _ value: UInt32) {
        addHeader(type, length: 4)
        append(value)
        updateLength()
    }

    /// Adds an attribute of eight bytes (RESERVATION-TOKEN).
    package mutating func add(_ type: AttributeType, _ value: UInt64) {
        addHeader(type, length: 8)
        append(UInt32(truncatingIfNeeded: value >> 32))
        append(UInt32(truncatingIfNeeded: value))
        updateLength()
    }

    /// Adds an address as it is (RFC 8489 §14.1).
    package mutating func add(_ type: AttributeType, plain address: TransportAddress) {
        addAddress(type, address.ip, port: address.port)
    }

    /// Adds an address XORed with cookie and transaction id (RFC 8489 §14.2).
    package mutating func add(_ type: AttributeType, xor address: TransportAddress) {
        let port = address.port ^ UInt16(truncatingIfNeeded: WireFormat.magicCookie >> 16)
        addAddress(type, address.ip.xored(with: transactionID), port: port)
    }

    /// Adds ERROR-CODE (RFC 8489 §14.8).
    package mutating func add(error code: ErrorCode, reason: String = "") {
        addHeader(.errorCode, length: 4 + reason.utf8.count)
        append(UInt32(code.rawValue / 100) << 8 | UInt32(code.rawValue % 100))
        bytes.append(contentsOf: reason.utf8)
        pad()
    }

    /// Adds ADDRESS-ERROR-CODE: why the relayed address of one family was not made (RFC 8656 §18.12).
    package mutating func add(addressError code: ErrorCode, family: IPAddress.Family) {
        addHeader(.addressErrorCode, length: 4)
        append(UInt32(family.rawValue) << 24 | UInt32(code.rawValue / 100) << 8 | UInt32(code.rawValue % 100))
        updateLength()
    }

    /// Adds UNKNOWN-ATTRIBUTES (RFC 8489 §14.9).
    package mutating func add(unknownAttributes types: [AttributeType]) {
        addHeader(.unknownAttributes, length: types.count * 2)
        for type in types { append(type.rawValue) }
        pad()
    }

    /// Adds MESSAGE-INTEGRITY (RFC 8489 §14.5). `hmac` must be HMAC-SHA1.
    package mutating func addIntegrity(key: Span<UInt8>, using hmac: inout HMAC) {
        addTag(.messageIntegrity, byteCount: 20, key: key, using: &hmac)
    }

    /// Adds MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.6). `hmac` must be HMAC-SHA256.
    package mutating func addIntegritySHA256(key: Span<UInt8>, using hmac: inout HMAC) {
        addTag(.messageIntegritySHA256, byteCount: 32, key: key, using: &hmac)
    }

    /// Adds FINGERPRINT, the last attribute of a message (RFC 8489 §14.7).
    package mutating func addFingerprint() {
        setLength(bytes.count - WireFormat.headerByteCount + 8)
        let value = Fingerprint.value(of: bytes.span)
        add(.fingerprint, value)
    }

    // MARK: - Pieces

    private var transactionID: TransactionID {
        let header = bytes.span
        return TransactionID(high: header.uint32(at: 8), low: header.uint64(at: 12))
    }

    private mutating func addAddress(_ type: AttributeType, _ ip: IPAddress, port: UInt16) {
        addHeader(type, length: 4 + ip.byteCount)
        append(UInt16(ip.family.rawValue))
        append(port)
        if ip.family == .ipv6 {
            append(UInt32(truncatingIfNeeded: ip.high >> 32))
            append(UInt32(truncatingIfNeeded: ip.high))
            append(UInt32(truncatingIfNeeded: ip.low >> 32))
        }
        append(UInt32(truncatingIfNeeded: ip.low))
        updateLength()
    }

    private mutating func addTag(_ type: AttributeType, byteCount: Int, key: Span<UInt8>, using hmac: inout HMAC) {
        // The HMAC covers the header with a length that already counts this attribute.
        setLength(bytes.count - WireFormat.headerByteCount + WireFormat.attributeHeaderByteCount + byteCount)
        hmac.begin(key: key)
        hmac.update(bytes.span)
        let tag = hmac.finish()
        addHeader(type, length: byteCount)
        // A failed computation (count 0) leaves zeros: a tag that the receiver refuses.
        for index in 0..<byteCount { bytes.append(tag[index]) }
    }

    private mutating func addHeader(_ type: AttributeType, length: Int) {
        precondition(length < 65532)  // our own replies, never a stranger's length
        append(type.rawValue)
        append(UInt16(truncatingIfNeeded: length))
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
        updateLength()
    }

    private mutating func updateLength() { setLength(bytes.count - WireFormat.headerByteCount) }

    private mutating func setLength(_ length: Int) {
        bytes[2] = UInt8(truncatingIfNeeded: length >> 8)
        bytes[3] = UInt8(truncatingIfNeeded: length)
    }

    private mutating func append(_ value: UInt16) { appendBytes(of: value.bigEndian) }

    private mutating func append(_ value: UInt32) { appendBytes(of: value.bigEndian) }

    /// Appends a number as it lies in memory, in one piece: byte by byte is what most of a reply's time would go to.
    private mutating func appendBytes(of value: some FixedWidthInteger & BitwiseCopyable) {
        unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
    }
}
