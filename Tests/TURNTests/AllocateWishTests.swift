import Addressing
import STUN
import TURN
import TestBench
import Testing

/// What an Allocate may ask for: transport, lifetime, kind of port, families.
@Suite("What an Allocate asks for")
struct AllocateWishTests {
    let bench = Bench()

    @Test("G05: REQUESTED-TRANSPORT missing or of the wrong length gets 400")
    func transportMissing() throws {
        let alice = bench.client()
        #expect(try alice.request(.allocate).error == 400)
        for value: [UInt8] in [[], [17], [17, 0, 0], [17, 0, 0, 0, 0]] {
            #expect(try alice.request(.allocate) { $0.add(.requestedTransport, value) }.error == 400)
        }
    }

    @Test("G05: a transport that is not UDP gets 442")
    func transportUnsupported() throws {
        let alice = bench.client()
        for number: UInt32 in [0, 1, 6, 16, 18, 132, 255] {
            #expect(try alice.request(.allocate) { $0.add(.requestedTransport, number << 24) }.error == 442)
        }
    }

    @Test("G05: with no-udp-relay UDP gets 442 too")
    func noUDPRelay() throws {
        let bench = Bench { $0.relaysUDP = false }
        #expect(try bench.client().allocate().error == 442)
    }

    @Test("M01: a TCP relay gets 442 while RFC 6062 is off, over every client transport")
    func tcpRelayIsOff() throws {
        for transport in ClientTransport.allCases {
            let reply = try bench.client(over: transport).request(.allocate) {
                $0.add(.requestedTransport, UInt32(6 << 24))
            }
            #expect(reply.error == 442)
        }
    }

    @Test("A24: reserved bits in what an Allocate asks for are ignored")
    func reservedBits() throws {
        #expect(try bench.client().request(.allocate) { $0.add(.requestedTransport, UInt32(0x11AB_CDEF)) }.isSuccess)
        let even = try bench.client(at: "90.0.0.2:1").allocate { $0.add(.evenPort, [0x7F]) }
        #expect(even.isSuccess && even.token == nil)
        let ipv6 = try bench.client(at: "90.0.0.3:1").allocate { $0.add(.requestedAddressFamily, UInt32(0x02FF_FFFF)) }
        #expect(ipv6.relayed.first?.family == .ipv6)
    }

    @Test("G06: DONT-FRAGMENT is supported")
    func dontFragment() throws {
        #expect(try bench.client().allocate { $0.add(.dontFragment, []) }.isSuccess)
    }

    @Test("G22: BANDWIDTH was taken back by RFC 8656 and gets 420")
    func bandwidth() throws {
        let reply = try bench.client().allocate { $0.add(AttributeType(rawValue: 0x0010), UInt32(100)) }
        #expect(reply.error == 420)
        #expect(reply.unknownAttributes == [0x0010])
    }

    @Test("G20: the lifetimes that real clients ask for work")
    func realLifetimes() throws {
        for (index, (asked, granted)) in [(3600, 3600), (600, 600)].enumerated() {
            let reply = try bench.client(at: "90.0.1.\(index):1").allocate { $0.add(.lifetime, UInt32(asked)) }
            #expect(reply.lifetime == UInt32(granted))
        }
        #expect(try bench.client().allocate().lifetime == 600)
    }

    @Test(
        "G14: LIFETIME is never below the default and never above the maximum",
        arguments: [
            (0, 600), (5, 600), (599, 600), (600, 600), (601, 601), (3599, 3599), (3600, 3600), (3601, 3600),
            (100_000, 3600), (UInt32.max, 3600),
        ] as [(UInt32, UInt32)])
    func lifetime(asked: UInt32, granted: UInt32) throws {
        #expect(try bench.client().allocate { $0.add(.lifetime, asked) }.lifetime == granted)
    }

    @Test("G14: a LIFETIME of the wrong length gets 400")
    func lifetimeLength() throws {
        for value: [UInt8] in [[], [1, 2], [0, 0, 0, 0, 0, 0, 0, 1]] {
            #expect(try bench.client().allocate { $0.add(.lifetime, value) }.error == 400)
        }
    }

    // MARK: - Families

    @Test("G09: without REQUESTED-ADDRESS-FAMILY the relayed address is IPv4, for an IPv6 client too")
    func defaultFamily() throws {
        #expect(try bench.client().relayed().family == .ipv4)
        let reply = try bench.client(at: "[2a03::1]:5000").allocate()
        #expect(reply.relayed.map(\.family) == [.ipv4])
        #expect(reply.mapped == Bench.address("[2a03::1]:5000"))
    }

    @Test("G09: the named family is made")
    func namedFamily() throws {
        let reply = try bench.client().allocate { $0.add(.requestedAddressFamily, UInt32(2 << 24)) }
        #expect(reply.relayed.map(\.family) == [.ipv6])
        let other = try bench.client(at: "90.0.0.2:1").allocate { $0.add(.requestedAddressFamily, UInt32(1 << 24)) }
        #expect(other.relayed.map(\.family) == [.ipv4])
    }

    @Test("G09: a family that there is no relay address for, or that does not exist, gets 440")
    func unsupportedFamily() throws {
        for family: UInt32 in [0, 3, 255] {
            #expect(try bench.client().allocate { $0.add(.requestedAddressFamily, family << 24) }.error == 440)
        }
        let ipv4Only = Bench(addresses: [Bench.relayAddresses[0]])
        #expect(try ipv4Only.client().allocate { $0.add(.requestedAddressFamily, UInt32(2 << 24)) }.error == 440)
        let ipv6Only = Bench(addresses: [Bench.relayAddresses[1]])
        #expect(try ipv6Only.client().allocate().error == 440)
        #expect(ipv6Only.isEmpty)
    }

    @Test("G09: REQUESTED-ADDRESS-FAMILY of the wrong length gets 400")
    func familyLength() throws {
        for value: [UInt8] in [[], [2], [2, 0, 0], [2, 0, 0, 0, 0]] {
            #expect(try bench.client().allocate { $0.add(.requestedAddressFamily, value) }.error == 400)
        }
    }

    @Test("G09: the operator may choose another default family")
    func chosenDefaultFamily() throws {
        let ipv6 = Bench { $0.defaultFamily = .ipv6 }
        #expect(try ipv6.client().relayed().family == .ipv6)
        let keep = Bench { $0.defaultFamily = .keep }
        #expect(try keep.client().relayed().family == .ipv4)
        #expect(try keep.client(at: "[2a03::1]:5000").relayed().family == .ipv6)
    }

    @Test("G08: REQUESTED- and ADDITIONAL-ADDRESS-FAMILY together get 400")
    func bothFamilyAttributes() throws {
        let reply = try bench.client().allocate { writer in
            writer.add(.requestedAddressFamily, UInt32(1 << 24))
            writer.add(.additionalAddressFamily, UInt32(2 << 24))
        }
        #expect(reply.error == 400)
    }

    @Test("G10: EVEN-PORT with the next port reserved and an additional family get 400")
    func reservationAndFamily() throws {
        let reply = try bench.client().allocate { writer in
            writer.add(.evenPort, [0x80])
            writer.add(.additionalAddressFamily, UInt32(2 << 24))
        }
        #expect(reply.error == 400)
        let even = try bench.client().allocate { writer in
            writer.add(.evenPort, [0x00])
            writer.add(.additionalAddressFamily, UInt32(2 << 24))
        }
        #expect(even.isSuccess)
        #expect(even.relayed.count == 2)
    }

    @Test("G11: ADDITIONAL-ADDRESS-FAMILY that does not say IPv6 gets 400")
    func additionalIPv4() throws {
        for family: UInt32 in [0, 1, 3] {
            #expect(try bench.client().allocate { $0.add(.additionalAddressFamily, family << 24) }.error == 400)
        }
        #expect(try bench.client().allocate { $0.add(.additionalAddressFamily, [2]) }.error == 400)
    }

    @Test("G11: two families in one allocation")
    func dual() throws {
        let reply = try bench.client().allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        #expect(reply.relayed.map(\.family) == [.ipv4, .ipv6])
        #expect(reply.addressError == nil)
        #expect(bench.host.sockets.count == 2)
        #expect(bench.engine.allocations.count == 1)
        #expect(bench.resources.usage.allocations == 1)
    }

    @Test(
        "G11: when one family cannot be made the other is, and ADDRESS-ERROR-CODE says why",
        arguments: [1, 2] as [UInt8])
    func dualWithoutOne(missing: UInt8) throws {
        let present = missing == 1 ? IPAddress.Family.ipv6 : .ipv4
        let bench = Bench(addresses: Bench.relayAddresses.filter { $0.bound.family == present })
        let unsupported = try bench.client().allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        #expect(unsupported.relayed.map(\.family) == [present])
        #expect(unsupported.addressError?.family == missing)
        #expect(unsupported.addressError?.code == 440)

        let exhausted = Bench()
        exhausted.host.fails = { $0.family.rawValue == missing }
        let reply = try exhausted.client().allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }
        #expect(reply.relayed.map(\.family) == [present])
        #expect(reply.addressError?.family == missing)
        #expect(reply.addressError?.code == 508)
        #expect(exhausted.host.sockets.count == 1)
    }

    @Test("G11: when no family can be made the Allocate fails and holds nothing")
    func dualWithoutBoth() throws {
        bench.host.fails = { _ in true }
        #expect(try bench.client().allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }.error == 508)
        #expect(bench.isEmpty)
        let nowhere = Bench(addresses: [])
        #expect(try nowhere.client().allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }.error == 508)
        #expect(nowhere.isEmpty)
    }
}
