import Addressing
import STUN
import TURN
import TestBench
import Testing

@Suite("Peer policy")
struct PeerPolicyTests {
    /// The list of the threat model, written down a second time so that a slip in the server's own table shows.
    static let denied = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128",
        "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23",
        "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
        "fec0::/10", "ff00::/8",
    ]

    /// First and last address of a block as numbers, computed with shifts alone.
    static func bounds(_ block: String) -> (first: UInt128, last: UInt128, family: IPAddress.Family) {
        let parts = block.split(separator: "/")
        let address = Bench.ip(String(parts[0]))
        let width = address.family == .ipv4 ? 32 : 128
        let hostBits = width - (Int(parts[1]) ?? 0)
        let host = hostBits == 128 ? UInt128.max : (UInt128(1) << UInt128(hostBits)) - 1
        return (address.bits, address.bits | host, address.family)
    }

    static func isDenied(_ bits: UInt128, _ family: IPAddress.Family) -> Bool {
        denied.map(bounds).contains { $0.family == family && $0.first <= bits && bits <= $0.last }
    }

    func isAllowed(_ policy: PeerPolicy, _ address: IPAddress, port: UInt16? = 9000) -> Bool {
        policy.verdict(on: address, port: port) == .allowed
    }

    // MARK: - Special-purpose addresses

    @Test(
        "S1: first, last and the neighbours of every special-purpose block, through CreatePermission and ChannelBind",
        arguments: denied)
    func blocks(block: String) throws {
        let (first, last, family) = Self.bounds(block)
        let end: UInt128 = family == .ipv4 ? 0xFFFF_FFFF : .max
        var addresses = [first, last]
        if first > 0 { addresses.append(first - 1) }
        if last < end { addresses.append(last + 1) }
        let bench = Bench()
        let alice = bench.client()
        _ = try alice.relayed { $0.add(.requestedAddressFamily, UInt32(family.rawValue) << 24) }
        for (index, bits) in addresses.enumerated() {
            let peer = TransportAddress(IPAddress(bits: bits, family: family), port: 9000)
            let expected: UInt16? = Self.isDenied(bits, family) ? 403 : nil
            #expect(try alice.permit("\(peer)").error == expected, "\(peer)")
            #expect(try alice.bind(UInt16(0x4000 + index), to: "\(peer)").error == expected, "\(peer)")
            #expect((alice.send([1], to: "\(peer)") == .silence) == (expected == 403), "\(peer)")
            #expect((alice.send([1], through: UInt16(0x4000 + index)) == .silence) == (expected == 403), "\(peer)")
        }
    }

    @Test("S1: the built-in table is that of the threat model")
    func table() {
        #expect(SpecialPurposeAddresses.blocks.map(\.0) == Self.denied)
        #expect(SpecialPurposeAddresses.rules.count == Self.denied.count)
    }

    @Test(
        "S1: addresses that slipped through other servers' defaults",
        arguments: [
            "127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "169.254.169.254", "10.1.2.3", "255.255.255.255",
            "::1", "::",
            "::ffff:127.0.0.1", "::ffff:127.0.0.2", "::ffff:127.255.255.254", "::ffff:10.0.0.1", "::127.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1", "64:ff9b::a00:1", "fe80::1", "fd00::1",
        ])
    func knownHoles(address: String) {
        #expect(!isAllowed(PeerPolicy(rules: []), Bench.ip(address)))
    }

    @Test("S1: an address of this host is denied unless allowed by name; loopback opens only on request")
    func localAddresses() {
        let local = Bench.ip("84.1.1.1")
        #expect(!isAllowed(PeerPolicy(rules: [], localAddresses: [local]), local))
        let allow = PeerRule(.allow, AddressRange(local), origin: "test")
        #expect(isAllowed(PeerPolicy(rules: [allow], localAddresses: [local]), local))
        let loopback = Bench.ip("127.0.0.1")
        #expect(!isAllowed(PeerPolicy(rules: [], localAddresses: [loopback]), loopback))
        #expect(isAllowed(PeerPolicy(rules: [], allowLoopback: true, localAddresses: [loopback]), loopback))
        #expect(isAllowed(PeerPolicy(rules: [], allowLoopback: true), Bench.ip("::1")))
        #expect(!isAllowed(PeerPolicy(rules: [], allowLoopback: true), Bench.ip("10.0.0.1")))
    }

    // MARK: - Rules

    @Test("S1: the most specific rule counts, and between equals the one that allows")
    func specificity() throws {
        func rule(_ action: PeerRule.Action, _ text: String) throws -> PeerRule {
            PeerRule(action, try AddressRange(parsing: text), origin: text)
        }
        let policy = PeerPolicy(
            rules: [
                try rule(.allow, "10.0.0.0/16"), try rule(.deny, "10.0.7.0/24"), try rule(.allow, "10.0.7.9"),
                try rule(.deny, "5.0.0.0/8"), try rule(.allow, "192.168.0.0/16"), try rule(.allow, "0.0.0.0/0"),
            ])
        for (address, allowed) in [
            ("10.0.0.1", true), ("10.1.0.1", false), ("10.0.7.1", false), ("10.0.7.9", true), ("5.6.7.8", false),
            ("6.6.7.8", true), ("192.168.1.1", true), ("127.0.0.1", false),
        ] { #expect(isAllowed(policy, Bench.ip(address)) == allowed, "\(address)") }
    }

    @Test("S3: a range is compared as a number, whole prefixes or not")
    func ranges() throws {
        var random = SystemRandomNumberGenerator()
        for family in IPAddress.Family.allCases {
            let mask: UInt128 = family == .ipv4 ? 0xFFFF_FFFF : .max
            for _ in 0..<300 {
                // Public space only, so that the built-in rules have no say.
                let base: UInt128 = family == .ipv4 ? 0x0500_0000 : UInt128(0x2A00) << 112
                let span: UInt128 = family == .ipv4 ? 0x00FF_FFFF : mask >> 16
                let ends = [UInt128.random(in: 0...span, using: &random), UInt128.random(in: 0...span, using: &random)]
                    .sorted()
                let range = try #require(
                    AddressRange(
                        first: IPAddress(bits: base | ends[0], family: family),
                        last: IPAddress(bits: base | ends[1], family: family)))
                let policy = PeerPolicy(rules: [PeerRule(.deny, range, origin: "test")])
                for bits in [
                    ends[0], ends[1], ends[0] &- 1, ends[1] &+ 1, UInt128.random(in: 0...span, using: &random),
                ] where bits <= span {
                    let address = IPAddress(bits: base | bits, family: family)
                    guard address.embeddedIPv4.isEmpty else { continue }
                    #expect(isAllowed(policy, address) == !(ends[0] <= bits && bits <= ends[1]))
                }
            }
        }
    }

    // MARK: - Embedded addresses

    /// The IPv6 addresses that carry an IPv4 address inside, each in a block that the test's policy allows.
    static func embeddings(of v4: IPAddress) -> [IPAddress] {
        let bits = UInt64(v4.v4Bits)
        return [
            IPAddress(v6High: 0, low: bits), IPAddress(v6High: 0, low: 0xFFFF_0000_0000 | bits),
            IPAddress(v6High: 0, low: 0xFFFF_0000 << 32 | bits),
            IPAddress(v6High: 0x2002 << 48 | bits << 16 | 5, low: 77),
            IPAddress(v6High: 0x0064_FF9B_0000_0000, low: bits),
            IPAddress(v6High: 0x0064_FF9B_0001_0007, low: bits),
            IPAddress(v6High: 0x2001_0000 << 32 | bits, low: UInt64(~UInt32(0x0505_0505))),
            IPAddress(v6High: 0x2001_0000 << 32 | 0x0505_0505, low: UInt64(~v4.v4Bits)),
            IPAddress(v6High: 0x2A02_0001_0002_0003, low: 0x0000_5EFE << 32 | bits),
            IPAddress(v6High: 0x2A02_0001_0002_0003, low: 0x0200_5EFE << 32 | bits),
        ]
    }

    @Test("S3: an address gets the verdict of the IPv4 address inside it, in every form and at every boundary")
    func embeddings() throws {
        let open = try ["::/96", "::ffff:0:0/96", "2002::/16", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23"].map {
            PeerRule(.allow, try AddressRange(parsing: $0), origin: "test")
        }
        let policies = [
            PeerPolicy(rules: open),
            PeerPolicy(rules: open + [PeerRule(.deny, try AddressRange(parsing: "6.0.0.0-6.0.0.9"), origin: "test")]),
            PeerPolicy(rules: open + [PeerRule(.allow, try AddressRange(parsing: "10.0.0.0/9"), origin: "test")]),
        ]
        var numbers: Set<UInt32> = [0x0600_0000, 0x0600_0009, 0x0600_000A, 0x0A7F_FFFF, 0x0A80_0000, 0x0808_0808]
        for block in Self.denied where block.contains(".") && !block.contains(":") {
            let (first, last, _) = Self.bounds(block)
            for bits in [first, last, first &- 1, last &+ 1] { numbers.insert(UInt32(truncatingIfNeeded: bits)) }
        }
        for policy in policies {
            for number in numbers {
                let plain = IPAddress(v4: number)
                for form in Self.embeddings(of: plain) {
                    #expect(isAllowed(policy, form) == isAllowed(policy, plain), "\(form) for \(plain)")
                }
            }
        }
    }

    @Test("S3: without rules every embedding is denied or as its IPv4 address")
    func embeddingsByDefault() {
        let policy = PeerPolicy(rules: [])
        for number: UInt32 in [0x7F00_0001, 0x0A00_0001, 0xA9FE_A9FE, 0x0000_0000, 0xFFFF_FFFF] {
            for form in Self.embeddings(of: IPAddress(v4: number)) { #expect(!isAllowed(policy, form), "\(form)") }
        }
    }

    // MARK: - Ports

    @Test("S4: port 0 is denied wherever the peer may be")
    func portZero() {
        let policy = PeerPolicy(rules: [])
        #expect(!isAllowed(policy, Bench.ip("5.6.7.8"), port: 0))
        #expect(isAllowed(policy, Bench.ip("5.6.7.8"), port: 1))
        #expect(isAllowed(policy, Bench.ip("5.6.7.8"), port: nil))
    }

    @Test("S4, S8: of this server itself only the relay ports may be reached", arguments: [true, false])
    func relayPorts(isListedAsLocal: Bool) {
        let relay = Bench.ip("84.1.1.1")
        let policy = PeerPolicy(
            rules: [], relayAddresses: [relay], relayPorts: 50000...50009, servicePorts: [50005],
            localAddresses: isListedAsLocal ? [relay] : [])
        #expect(policy.verdict(on: relay, port: nil) == .allowedOnRelayPorts)
        for port: UInt16 in [50000, 50009] { #expect(policy.verdict(on: relay, port: port) == .allowedOnRelayPorts) }
        for port: UInt16 in [0, 1, 22, 3478, 49999, 50005, 50010, 65535] {
            guard case .denied = policy.verdict(on: relay, port: port) else {
                Issue.record("port \(port) of the server is open")
                continue
            }
        }
    }

    /// A server behind a one-to-one NAT: bound to 10.0.0.5, known as 84.9.9.9, with a policy that knows so.
    func behindNAT() -> Bench {
        let bound = Bench.ip("10.0.0.5")
        let external = Bench.ip("84.9.9.9")
        return Bench(addresses: [RelayAddress(bound: bound, advertised: external)]) {
            $0.addressTranslation = AddressTranslation([AddressTranslation.Pair(external: external, bound: bound)])
            $0.peerPolicy = PeerPolicy(rules: [], relayAddresses: [bound, external], localAddresses: [bound])
        }
    }

    @Test("S4: the external address is no way around to the services of this host")
    func externalAddress() throws {
        let bench = behindNAT()
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.permit("84.9.9.9:0", "10.0.0.5:0").isSuccess)
        for address in ["84.9.9.9", "10.0.0.5"] {
            for port in [22, 3478, 5766, 49151] {
                #expect(alice.send([1], to: "\(address):\(port)") == .silence)
                #expect(try alice.bind(0x4000, to: "\(address):\(port)").error == 403)
            }
        }
        #expect(bench.engine.drops[.deniedPort] == 8)
    }

    @Test("J10, G18: behind a NAT two clients reach each other by the external address")
    func hairpin() throws {
        let bench = behindNAT()
        let alice = bench.client()
        let bob = bench.client("bob", at: "90.0.0.2:1")
        let first = try alice.relayed()
        let second = try bob.relayed()
        #expect(first.ip == Bench.ip("84.9.9.9"))
        _ = try alice.permit("\(second)")
        _ = try bob.bind(0x4000, to: "\(first)")
        let bound = TransportAddress(Bench.ip("10.0.0.5"), port: second.port)
        #expect(alice.send([1], to: "\(second)").relayed?.peer == bound)
        // The datagram arrives from the bound address; the client knows the external one.
        #expect(bench.datagram([1], from: "10.0.0.5:\(first.port)", to: bound) == [0x40, 0, 0, 1, 1])
        let source = TransportAddress(Bench.ip("10.0.0.5"), port: first.port)
        let indication = try #require(
            bench.datagram([1], from: "10.0.0.5:\(second.port)", to: source).flatMap(Reply.init))
        #expect(indication.peer == second)
        #expect(bench.datagram([1], from: "10.0.0.5:22", to: source) == nil)
    }

    // MARK: - Every path

    @Test("S2, I1: under a policy that denies everybody not one byte reaches a peer on any path")
    func denyAll() throws {
        let all = try ["0.0.0.0/0", "::/0"].map { PeerRule(.deny, try AddressRange(parsing: $0), origin: "test") }
        let bench = Bench { $0.peerPolicy = PeerPolicy(rules: all) }
        let alice = bench.client()
        let relayed = try alice.allocate { $0.add(.additionalAddressFamily, UInt32(2 << 24)) }.relayed
        for (peer, relayed) in zip(["5.6.7.8:9000", "[2a02::5]:9000"], relayed) {
            #expect(try alice.permit(peer).error == 403)
            #expect(try alice.bind(0x4000, to: peer).error == 403)
            #expect(alice.send([1], to: peer) == .silence)
            #expect(alice.send([1], through: 0x4000) == .silence)
            #expect(bench.datagram([1], from: peer, to: relayed) == nil)
        }
        #expect(bench.engine.permissionCount == 0)
        #expect(bench.engine.channelCount == 0)
        let denials = bench.host.events.count { if case .peerDenied = $0 { true } else { false } }
        #expect(denials == 4)
    }
}
