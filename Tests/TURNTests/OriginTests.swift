import STUN
import TURN
import TestBench
import Testing

/// `check-origin-consistency`.
@Suite("ORIGIN")
struct OriginTests {
    private let bench = Bench { $0.checksOriginConsistency = true }

    private func refresh(_ client: TestClient, from origin: String?) throws -> UInt16? {
        try client.request(.refresh) { add(origin, &$0) }.error
    }

    private func add(_ origin: String?, _ writer: inout MessageWriter) {
        if let origin { writer.add(.origin, Array(origin.utf8)) }
    }

    @Test("A session goes on with the ORIGIN that it began with, however that is written, and with no other: 441")
    func consistent() throws {
        let client = bench.client()
        _ = try client.relayed { add("https://one.example", &$0) }
        for same in ["https://one.example", "HTTPS://One.Example/"] { #expect(try refresh(client, from: same) == nil) }
        for other in ["https://two.example", "https://one.example:8443", "", nil] {
            #expect(try refresh(client, from: other) == 441)
        }
        #expect(try client.permit("6.6.7.8:1").error == 441)
        #expect(try client.bind(0x4000, to: "6.6.7.8:1").error == 441)
        #expect(bench.engine.permissionCount == 0)
        #expect(try refresh(client, from: "https://one.example") == nil)
    }

    @Test("A session that began without ORIGIN goes on without")
    func none() throws {
        let client = bench.client()
        _ = try client.relayed()
        #expect(try client.refresh().isSuccess)
        #expect(try refresh(client, from: "https://one.example") == 441)
    }

    @Test("A new session on the same path may come from another page")
    func nextSession() throws {
        let client = bench.client()
        _ = try client.relayed { add("https://one.example", &$0) }
        #expect(
            try client.request(.refresh) { writer in
                writer.add(.lifetime, UInt32(0))
                add("https://one.example", &writer)
            }.isSuccess)
        _ = try client.relayed { add("https://two.example", &$0) }
        #expect(try refresh(client, from: "https://two.example") == nil)
    }

    @Test("Without the setting ORIGIN may change, and what began then is left alone when the setting comes")
    func off() throws {
        bench.reload { $0.checksOriginConsistency = false }
        let client = bench.client()
        _ = try client.relayed { add("https://one.example", &$0) }
        #expect(try refresh(client, from: "https://two.example") == nil)
        bench.reload { $0.checksOriginConsistency = true }
        #expect(try refresh(client, from: "https://two.example") == nil)
    }

    @Test("An ORIGIN that is too long is refused, and Binding is answered whatever it carries")
    func long() throws {
        let client = bench.client()
        let reply = try client.allocate { writer in writer.add(.origin, Array(repeating: 0x61, count: 764)) }
        #expect(reply.error == 400)
        _ = try client.relayed { add("https://one.example", &$0) }
        #expect(try client.answer(to: client.bare(.binding) { add("https://two.example", &$0) }).isSuccess)
    }
}
