internal import COpenSSL

// ALPN (RFC 7301). Browsers offer nothing, and what offers something else may still speak STUN, so others than the two
// protocols of RFC 7443 are never chosen, and refused only if the operator says so.

extension TLSContext {
    /// The name of TURN.
    static let turnProtocol = Array("stun.turn".utf8)
    /// The protocols that can be chosen, the preferred one first.
    private static let protocols = [turnProtocol, Array("stun.nat-discovery".utf8)]

    func chooseProtocols(refusingForeignOnes refuses: Bool) {
        // All that the callback needs to know is this one bit, which the pointer itself can carry.
        let bit = unsafe refuses ? UnsafeMutableRawPointer(bitPattern: 1) : nil
        unsafe SSL_CTX_set_alpn_select_cb(
            handle,
            { _, chosen, chosenCount, offered, offeredCount, refuses in
                let offers = unsafe UnsafeBufferPointer(start: offered, count: Int(offeredCount))
                guard let range = unsafe TLSContext.choose(from: Span(_unsafeElements: offers)) else {
                    return unsafe refuses == nil ? SSL_TLSEXT_ERR_NOACK : SSL_TLSEXT_ERR_ALERT_FATAL
                }
                unsafe chosen?.pointee = offered.map { unsafe $0 + range.lowerBound }
                unsafe chosenCount?.pointee = UInt8(truncatingIfNeeded: range.count)
                return SSL_TLSEXT_ERR_OK
            }, bit)
    }

    /// Where the preferred protocol stands in a list in which each name follows its length.
    private static func choose(from offers: Span<UInt8>) -> Range<Int>? {
        for wanted in protocols {
            var start = 0
            while start < offers.count {
                let name = start + 1..<start + 1 + Int(offers[start])
                guard name.upperBound <= offers.count else { break }
                if name.count == wanted.count, name.indices.allSatisfy({ offers[$0] == wanted[$0 - name.lowerBound] }) {
                    return name
                }
                start = name.upperBound
            }
        }
        return nil
    }
}
