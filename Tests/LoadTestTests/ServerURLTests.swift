import TURNClient
import Testing

@testable import LoadTest

struct ServerURLTests {
    @Test(arguments: [
        ("turn:192.0.2.1", "192.0.2.1", 3478, "udp"),
        ("turn:example.org:5000", "example.org", 5000, "udp"),
        ("TURN:example.org?transport=tcp", "example.org", 3478, "tcp"),
        ("stun:[2001:db8::1]:3479?transport=UDP", "2001:db8::1", 3479, "udp"),
        ("turn:[::1]", "::1", 3478, "udp"),
        ("turns:example.org", "example.org", 5349, "tcp"),
        ("turns:example.org?transport=udp", "example.org", 5349, "udp"),
        ("stuns:[::1]:443", "::1", 443, "tcp"),
    ])
    func readsURL(text: String, host: String, port: Int, transport: String) throws {
        let url = try ServerURL(text)
        #expect(url.host == host)
        #expect(Int(url.port) == port)
        #expect(url.description.hasSuffix("?transport=\(transport)"))
        #expect(url.transport.isStream == (transport == "tcp"))
        #expect(url.transport.isSecure == text.contains("s:"))
        #expect(try ServerURL(url.description) == url)
    }

    @Test(arguments: [
        ("192.0.2.1:3478", ServerURLError.noScheme("192.0.2.1:3478")),
        ("http:example.org", .noScheme("http:example.org")),
        ("turn:", .badHost("turn:")),
        ("turn:[::1", .badHost("turn:[::1")),
        ("turn:host:", .badPort("turn:host:")),
        ("turn:host:0", .badPort("turn:host:0")),
        ("turn:host:65536", .badPort("turn:host:65536")),
        ("turn:host?transport=sctp", .badTransport("turn:host?transport=sctp")),
    ])
    func refusesText(text: String, error: ServerURLError) {
        #expect(throws: error) { try ServerURL(text) }
    }
}
