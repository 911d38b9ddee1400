import Addressing
import Testing

@testable import Offload

struct RouteTests {
    @Test("an address of this host is reached by lo")
    func local() throws {
        let lookup = try RouteLookup()
        let loopback = try address("127.0.0.1:1").ip
        #expect(lookup.route(to: loopback, from: loopback) == Route(interface: Route.loopback, isLocal: true))
        #expect(try lookup.route(to: address("127.0.0.2:1").ip, from: loopback)?.isLocal == true)
    }

    @Test("an answer of any length and content is read without harm")
    func hostile() {
        for count in 0..<64 { _ = RouteMessage([UInt8](repeating: 0xFF, count: count)) }
        var message = [UInt8](repeating: 0, count: 40)
        message[4] = 24  // RTM_NEWROUTE
        message[23] = 1  // RTN_UNICAST
        #expect(RouteMessage(message).route == nil, "an attribute of no length ends the message")
        (message[28], message[30], message[32]) = (8, 4, 9)  // RTA_OIF
        #expect(RouteMessage(message).route == Route(interface: 9, isLocal: false))
    }
}
