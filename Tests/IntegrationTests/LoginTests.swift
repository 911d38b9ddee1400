import Addressing
import TURNClient
import Testing

@Suite("Ways to log in, over sockets")
struct LoginTests {
    private func options(_ lines: String...) -> ServerProcess.Options {
        var options = ServerProcess.Options()
        options.lines = lines
        return options
    }

    @Test(
        "D09, D13, D14: PASSWORD-ALGORITHMS and USERHASH, alone and together, over every transport",
        arguments: [["password-algorithms"], ["userhash"], ["password-algorithms", "userhash"]],
        ClientTransport.allCases)
    func features(lines: [String], transport: ClientTransport) throws {
        var options = ServerProcess.Options()
        options.lines = lines
        try withServer(options) { server in
            let client = try server.client(transport)
            _ = try client.allocate()
            let asked = client.session.challenge
            let challenge = try #require(asked)
            #expect(challenge.announcesPasswordAlgorithms == lines.contains("password-algorithms"))
            #expect(challenge.announcesUserhash == lines.contains("userhash"))
            #expect(try client.request(.refresh(lifetimeSeconds: 0)).isAuthentic)
        }
    }

    @Test("D09: a client that knows neither, as browsers do not, logs in all the same")
    func olderClient() throws {
        try withServer(options("password-algorithms", "userhash")) { server in
            let client = try server.client()
            client.session.usesPasswordAlgorithms = false
            client.session.usesUserhash = false
            _ = try client.allocate()
        }
    }

    @Test(
        "O02: an allocation moves to another address of its client, and data follows",
        arguments: ClientTransport.allCases, [1, 8])
    func mobility(transport: ClientTransport, workers: Int) throws {
        try withServer(options("mobility", "relay-threads=\(workers)")) { server in
            let client = try server.client(transport)
            let response = try client.request(.allocate { $0.isMobile = true })
            let relay = try #require(response.relayedAddress)
            let ticket = try #require(response.mobilityTicket)
            let peer = try peer()
            try client.bind(.first, to: peer)

            var tickets = [ticket]
            for place in 3...6 {
                let former = client.localAddress
                try client.move(to: anyPort("127.0.0.\(place)"))
                #expect(client.localAddress.ip != former.ip)
                let moved = try client.request(.refresh(moving: tickets[tickets.count - 1]))
                #expect(moved.isSuccess && moved.isAuthentic)
                tickets.append(try #require(moved.mobilityTicket))
                try client.send([1, 2], through: .first)
                #expect(try peer.receive() == ([1, 2], relay))
                try peer.send([3], to: relay)
                #expect(try client.receiveRelayed() == .channel(.first, [3]))
            }
            #expect(Set(tickets).count == 5)
            #expect(try client.request(.refresh(lifetimeSeconds: 0)).isSuccess)
        }
    }
}
