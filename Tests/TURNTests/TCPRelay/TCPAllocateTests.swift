import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("TCP allocations")
struct TCPAllocateTests {
    let bench = Bench { $0.relaysTCP = true }

    @Test("M01, G05: with the option off TCP is refused with 442, and Connect is not known")
    func off() throws {
        let bench = Bench()
        let alice = bench.client(over: .tcp)
        #expect(try alice.allocateTCP().error == 442)
        #expect(alice.connect(to: "5.6.7.8:9000") == .silence)
        #expect(alice.send(alice.bare(.connectionBind)) == .silence)
        #expect(bench.isEmpty)
    }

    @Test("M01: over TCP and TLS a relayed address that listens", arguments: [ClientTransport.tcp, .tls])
    func allocates(over transport: ClientTransport) throws {
        let relayed = try bench.client(over: transport).relayedTCP()
        let handle = try #require(bench.host.handle(at: relayed))
        #expect(bench.host.sockets[handle]?.transport == .tcp)
    }

    @Test("M01, G23: over UDP and DTLS 400", arguments: [ClientTransport.udp, .dtls])
    func refusesDatagramClients(over transport: ClientTransport) throws {
        #expect(try bench.client(over: transport).allocateTCP().error == 400)
        #expect(bench.isEmpty)
    }

    @Test("M01: with DONT-FRAGMENT, EVEN-PORT or RESERVATION-TOKEN 400")
    func refusesWhatIsForDatagrams() throws {
        let alice = bench.client(over: .tcp)
        #expect(try alice.allocateTCP { $0.add(.dontFragment, []) }.error == 400)
        #expect(try alice.allocateTCP { $0.add(.evenPort, [0]) }.error == 400)
        #expect(try alice.allocateTCP { $0.add(.reservationToken, UInt64(1)) }.error == 400)
        #expect(bench.isEmpty)
    }

    @Test("M01: neither UDP nor TCP is 442", arguments: [UInt32(0), 1, 5, 7, 132, 255])
    func otherProtocols(number: UInt32) throws {
        let reply = try bench.client(over: .tcp).request(.allocate) { $0.add(.requestedTransport, number << 24) }
        #expect(reply.error == 442)
    }

    @Test("M01: an allocation with connections cannot move: 405")
    func noMobility() throws {
        let bench = Bench {
            $0.relaysTCP = true
            $0.mobilityKey = Array(1...32)
        }
        #expect(try bench.client(over: .tcp).allocateTCP { $0.add(.mobilityTicket, []) }.error == 405)
        #expect(bench.isEmpty)
    }

    @Test("M01, G12: it counts against the quota, and is refreshed and released like any other")
    func isAnAllocation() throws {
        let bench = Bench(limits: RelayResources.Limits(userQuota: 1)) { $0.relaysTCP = true }
        let alice = bench.client(over: .tcp)
        _ = try alice.relayedTCP()
        #expect(try bench.client(at: "90.0.0.2:1", over: .tcp).allocateTCP().error == 486)
        bench.advance(seconds: 500)
        #expect(try alice.refresh().lifetime == 600)
        bench.advance(seconds: 500)
        #expect(bench.hasAllocation(alice))
        #expect(try alice.refresh(lifetime: 0).isSuccess)
        #expect(bench.isEmpty)
    }

    @Test("M07, K11: no Send, no channel and no ChannelData on a TCP allocation")
    func noDatagrams() throws {
        let alice = bench.client(over: .tcp)
        _ = try alice.relayedTCP()
        #expect(try alice.permit("5.6.7.8:9000").isSuccess)
        #expect(alice.send([1, 2, 3], to: "5.6.7.8:9000") == .silence)
        #expect(bench.engine.drops[.deniedPort] == 1)
        #expect(try alice.bind(0x4000, to: "5.6.7.8:9000").error == 400)
        #expect(alice.send([1, 2, 3], through: 0x4000) == .silence)
        #expect(bench.engine.drops[.noChannel] == 1)
    }
}
