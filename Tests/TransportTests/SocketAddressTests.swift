import Addressing
import Testing
import Transport

@Suite struct SocketAddressTests {
    @Test(arguments: [
        "192.0.2.1:3478", "255.255.255.255:65535", "0.0.0.0:1", "[2001:db8::1]:3478", "[::1]:0",
        "[fe80::ffff:1:2:3]:49152",
    ])
    func roundTrip(text: String) throws {
        let address = try #require(TransportAddress(text))
        #expect(SocketAddress(address).transportAddress == address)
    }

    @Test("A19: a mapped source is reported as IPv4")
    func mappedSourceIsReportedAsIPv4() throws {
        let mapped = try #require(TransportAddress("[::ffff:192.0.2.7]:5000"))
        #expect(SocketAddress(mapped).transportAddress == TransportAddress("192.0.2.7:5000"))
    }

    @Test func blankAddressIsNone() {
        #expect(SocketAddress().transportAddress == nil)
    }
}
