import Addressing
import TURN
import TestBench
import Testing

/// Behind a one-to-one NAT the server is known by an address that no interface of it has.
@Suite("The server's own addresses as peers")
struct OwnAddressTests {
    let external = Bench.ip("84.9.9.9")
    let bound = Bench.ip("10.0.0.5")
    let bench: Bench

    init() {
        let (external, bound) = (external, bound)
        bench = Bench(addresses: [RelayAddress(bound: bound, advertised: external)]) { settings in
            settings.addressTranslation = AddressTranslation([.init(external: external, bound: bound)])
            settings.peerPolicy = PeerPolicy(
                rules: [], relayAddresses: [bound, external], localAddresses: [bound])
        }
    }

    @Test("S4: the external address leads to this host, so only its relay ports may be reached")
    func externalAddress() throws {
        let alice = bench.client()
        _ = try alice.relayed()
        #expect(try alice.bind(0x4000, to: "84.9.9.9:53").error == 403)
        #expect(try alice.permit("84.9.9.9:0").isSuccess)
        #expect(alice.send([1], to: "84.9.9.9:53") == .silence)
        #expect(alice.send([1], to: "84.9.9.9:50000").relayed?.peer == Bench.address("10.0.0.5:50000"))
    }

    @Test("S1: an operator's rule for the very address still counts")
    func allowedByName() {
        let rule = PeerRule(.allow, AddressRange(external), origin: "allowed-peer-ip")
        let policy = PeerPolicy(rules: [rule], relayAddresses: [external])
        #expect(policy.verdict(on: external, port: 53) == .allowed)
    }
}
