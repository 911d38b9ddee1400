import STUN

/// The transaction id of hand-made messages.
let someTransactionID = TransactionID(high: 0x0102_0304, low: 0x0506_0708_090A_0B0C)

/// A message put together without the writer, so that it can be wrong: attributes are pairs of type and value, padded with
/// `padding`, and `length` overrides the length field.
func messageBytes(
    _ type: UInt16 = 0x0001, _ attributes: [(UInt16, [UInt8])] = [], padding: UInt8 = 0, length: Int? = nil,
    cookie: UInt32 = WireFormat.magicCookie
) -> [UInt8] {
    var body: [UInt8] = []
    for (type, value) in attributes {
        body += bigEndian(type) + bigEndian(UInt16(value.count)) + value
        body += Array(repeating: padding, count: -value.count & 3)
    }
    let cookie = bigEndian(UInt16(cookie >> 16)) + bigEndian(UInt16(cookie & 0xFFFF))
    return bigEndian(type) + bigEndian(UInt16(length ?? body.count)) + cookie + someTransactionID.bytes + body
}

/// A number in network order.
func bigEndian(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

/// Why the reader refuses a message; nil when it accepts it.
func readingError(of message: [UInt8]) -> MalformedMessage? {
    do {
        _ = try MessageReader(message.span)
        return nil
    } catch {
        return error
    }
}

/// What an attacker makes of a message: more bytes behind it, and the length field corrected.
func appending(_ bytes: [UInt8], to message: [UInt8]) -> [UInt8] {
    var longer = message + bytes
    longer.replaceSubrange(2..<4, with: bigEndian(UInt16(longer.count - WireFormat.headerByteCount)))
    return longer
}
