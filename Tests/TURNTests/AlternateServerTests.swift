import Addressing
import Cryptography
import STUN
import TURN
import TestBench
import Testing

@Suite("ALTERNATE-SERVER")
struct AlternateServerTests {
    /// A bench with servers for UDP and TCP.
    func bench(_ addresses: String..., domain: String = "", for transports: [ClientTransport] = [.udp, .tcp]) -> Bench {
        Bench { settings in
            settings.passwordAlgorithms = .sha256OrMD5
            settings.alternateServers = addresses.map {
                AlternateServer(Bench.address($0), for: transports, domain: Array(domain.utf8))
            }
        }
    }

    func servers(in reply: Reply) -> [String] {
        reply.attributes.filter { $0.type == .alternateServer }.map { attribute in
            let port = UInt16(attribute.value[2]) << 8 | UInt16(attribute.value[3])
            let bits = attribute.value[4...].reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
            let family = IPAddress.Family(rawValue: attribute.value[1]) ?? .ipv4
            return TransportAddress(IPAddress(bits: bits, family: family), port: port).description
        }
    }

    @Test("E01: an Allocate with credentials gets 300 with the server, plain, and integrity")
    func redirected() throws {
        let bench = bench("84.2.2.2:3478")
        let alice = bench.client()
        let reply = try alice.allocate()
        #expect(reply.error == 300)
        #expect(reply.types == [.errorCode, .alternateServer, .messageIntegrity])
        #expect(reply.hasIntegrity(under: alice.key))
        #expect(reply.value(.alternateServer) == [0, 1, 0x0D, 0x96, 84, 2, 2, 2])
        #expect(bench.isEmpty)
    }

    @Test("E01: without credentials, with wrong ones, or asking for anything else, nobody is sent anywhere")
    func unauthenticated() throws {
        let bench = bench("84.2.2.2:3478")
        let alice = bench.client()
        #expect(try alice.answer(to: alice.bare(.allocate)).error == 401)
        #expect(try alice.answer(to: alice.bare(.binding)).isSuccess)
        #expect(try alice.refresh().error == 437)
        alice.key = [1]
        #expect(try alice.allocate().error == 401)
    }

    @Test("E01: a server without authentication serves everybody itself")
    func noAuthentication() throws {
        let bench = Bench {
            $0.authentication = .none
            $0.alternateServers = [AlternateServer(Bench.address("84.2.2.2:3478"), for: [.udp])]
        }
        let alice = bench.client()
        #expect(try alice.answer(to: alice.bare(.allocate) { $0.add(.requestedTransport, UInt32(17 << 24)) }).isSuccess)
    }

    @Test("E02: the first server is of the family of the request, the second of the other")
    func families() throws {
        let bench = bench("84.2.2.2:3478", "[2a01::2]:3478")
        #expect(try servers(in: bench.client().allocate()) == ["84.2.2.2:3478", "[2a01::2]:3478"])
        let server = Bench.address("[2a01::1]:3478")
        let bob = bench.client("bob", at: "[2a03::7]:5000", to: server)
        #expect(try servers(in: bob.allocate()) == ["[2a01::2]:3478", "84.2.2.2:3478"])
    }

    @Test("E02: a client for whose family there is no server stays")
    func otherFamilyOnly() throws {
        #expect(try bench("[2a01::2]:3478").client().allocate().isSuccess)
    }

    @Test("E02: the servers take turns")
    func roundRobin() throws {
        let bench = bench("84.2.2.2:1", "84.2.2.2:2", "84.2.2.2:3")
        let alice = bench.client()
        let seen = try (0..<9).map { _ in try servers(in: alice.allocate()) }
        #expect(Set(seen[0..<3]).count == 3)
        #expect(seen[0..<3] == seen[3..<6] && seen[0..<3] == seen[6..<9])
    }

    @Test("E04: nobody is sent to where he is")
    func itself() throws {
        #expect(try bench("84.1.1.1:3478").client().allocate().isSuccess)
        #expect(try servers(in: bench("84.1.1.1:3478", "84.2.2.2:3478").client().allocate()) == ["84.2.2.2:3478"])
    }

    @Test("E01: who is not alive is not handed out; while nobody is, clients are served here")
    func live() throws {
        let bench = bench("84.2.2.2:1", "84.2.2.2:2")
        let alice = bench.client()
        let second = AlternateServer(Bench.address("84.2.2.2:2"), for: [.udp])
        bench.engine.sendClients(to: [second])
        for _ in 0..<3 { #expect(try servers(in: alice.allocate()) == ["84.2.2.2:2"]) }
        bench.engine.sendClients(to: [])
        #expect(try alice.allocate().isSuccess)
    }

    @Test("E02: clients go to servers for their transport")
    func transports() throws {
        let bench = bench("84.2.2.2:5349", for: [.tls, .dtls])
        #expect(try bench.client(at: "90.0.0.1:1").allocate().isSuccess)
        #expect(try bench.client(at: "90.0.0.1:2", over: .tcp).allocate().isSuccess)
        #expect(try bench.client(at: "90.0.0.1:3", over: .tls).allocate().error == 300)
        #expect(try bench.client(at: "90.0.0.1:4", over: .dtls).allocate().error == 300)
    }

    @Test("E03: ALTERNATE-DOMAIN goes to clients over TLS and DTLS with MESSAGE-INTEGRITY-SHA256")
    func domain() throws {
        let bench = bench("84.2.2.2:5349", domain: "turn.example.org", for: ClientTransport.allCases)
        for transport in ClientTransport.allCases {
            let alice = bench.client(over: transport)
            #expect(try alice.allocate().value(.alternateDomain) == nil)
            alice.use(.sha256)
            let reply = try alice.allocate()
            #expect(reply.error == 300)
            let expected = transport == .tls || transport == .dtls ? Array("turn.example.org".utf8) : nil
            #expect(reply.value(.alternateDomain) == expected)
        }
    }
}
