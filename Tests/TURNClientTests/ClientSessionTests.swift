import Addressing
import STUN
import TURNClient
import Testing
import Timing

@Suite("Client session")
struct ClientSessionTests {
    private let bench = SessionBench()

    @Test("A Binding request is answered without credentials")
    func binding() throws {
        var session = bench.session()
        let number = session.begin(.binding, at: bench.start)
        let request = try bench.transmission(&session)
        #expect(request.count == 20)
        let reply = try CannedServer.response(to: request, .success, key: nil) { writer in
            writer.add(.xorMappedAddress, xor: bench.mapped)
        }
        guard case .response(number, let response) = bench.receive(reply, &session) else {
            Issue.record("no response")
            return
        }
        #expect(response.isSuccess && !response.isAuthentic)
        #expect(response.mappedAddress == bench.mapped)
        #expect(session.nextDeadline == nil)
    }

    @Test("A ticket of mobility is asked for, taken, and shown")
    func mobility() throws {
        var session = bench.session()
        session.begin(.allocate { $0.isMobile = true }, at: bench.start)
        let request = try bench.transmission(&session)
        #expect(try attributes(of: request)[.mobilityTicket] == [])
        let reply = try CannedServer.response(to: request, .success, key: nil) { $0.add(.mobilityTicket, [1, 2, 3]) }
        guard case .response(_, let response) = bench.receive(reply, &session) else {
            Issue.record("no response")
            return
        }
        let ticket = try #require(response.mobilityTicket)
        session.begin(.refresh(moving: ticket), at: bench.start)
        #expect(try attributes(of: try bench.transmission(&session))[.mobilityTicket] == [1, 2, 3])
    }

    @Test("Packets that answer nothing are ignored, whatever they are")
    func ignored() throws {
        var session = bench.session()
        session.begin(.binding, at: bench.start)
        let request = try bench.transmission(&session)
        let other = try CannedServer.response(to: request, .success, key: nil)
        var wrongID = other
        wrongID[19] ^= 1
        let withoutCode = try CannedServer.response(to: request, .error, key: nil)
        let packets = [
            [], [0x16, 3], [0xFF], Array(other.prefix(19)), wrongID, request, withoutCode, [0x40, 0, 0, 9],
        ]
        for packet in packets {
            guard case .ignored = bench.receive(packet, &session) else {
                Issue.record("\(packet) was taken")
                return
            }
        }
        #expect(session.nextDeadline != nil)
    }

    @Test("A 420 names the unknown attributes")
    func unknownAttributes() throws {
        var session = bench.session()
        let unknown = AttributeType(rawValue: 0x7777)
        session.begin(.binding.with(.bytes(unknown, [])), at: bench.start)
        let request = try bench.transmission(&session)
        let reply = try CannedServer.response(to: request, .error, key: nil) { writer in
            writer.add(error: .unknownAttribute)
            writer.add(unknownAttributes: [unknown, .dontFragment, unknown])
        }
        guard case .response(_, let response) = bench.receive(reply, &session) else {
            Issue.record("no response")
            return
        }
        #expect(response.unknownAttributes == [unknown, .dontFragment, unknown])
    }

    @Test("J06, K06: Data indications and ChannelData give the place of their payload")
    func relayedData() throws {
        var session = bench.session()
        var writer = MessageWriter()
        writer.begin(MessageType(.data, .indication), TransactionID(high: 1, low: 2))
        writer.add(.xorPeerAddress, xor: bench.mapped)
        writer.add(.data, [5, 6, 7])
        guard case .data(let peer, let payload) = bench.receive(writer.bytes, &session) else {
            Issue.record("no data")
            return
        }
        #expect(peer == bench.mapped)
        #expect(writer.bytes[payload] == [5, 6, 7])

        guard case .channelData(let channel, let place) = bench.receive([0x40, 1, 0, 2, 8, 9, 0, 0], &session) else {
            Issue.record("no channel data")
            return
        }
        #expect(channel.rawValue == 0x4001 && place == 4..<6)
    }

    @Test("Over UDP a request is sent seven times in 39.5 seconds and then given up")
    func retransmission() {
        var session = bench.session()
        let number = session.begin(.binding, at: bench.start)
        var sent: [UInt64] = []
        var copies: Set<[UInt8]> = []
        while let due = session.nextDeadline {
            switch session.poll(at: due) {
            case .transmit(let bytes)?:
                sent.append(due.nanoseconds(since: bench.start) / 1_000_000)
                copies.insert(bytes)
            case .giveUp(let request)?:
                #expect(request == number)
                #expect(due.nanoseconds(since: bench.start) == 39_500_000_000)
            case nil:
                Issue.record("a deadline without an action")
                return
            }
        }
        #expect(sent == [0, 500, 1500, 3500, 7500, 15500, 31500])
        #expect(copies.count == 1)
    }

    @Test("Over a stream a request is sent once")
    func stream() throws {
        var session = bench.session(isStream: true)
        session.begin(.binding, at: bench.start)
        _ = try bench.transmission(&session)
        #expect(session.poll(at: bench.start.adding(seconds: 39)) == nil)
        #expect(session.poll(at: bench.start.adding(seconds: 40)) == .giveUp(request: 0))
        #expect(session.nextDeadline == nil)
    }

    @Test("F04, K09: ChannelData is padded with zeros on a stream and not in a datagram", arguments: 0...5)
    func padding(count: Int) {
        let data = Array(repeating: UInt8(0xFF), count: count)
        let plain = [0x40, 1, 0, UInt8(count)] + data
        let channel = ChannelNumber(rawValue: 0x4001)
        let datagram = bench.session().channelData(channel, data)
        let frame = bench.session(isStream: true).channelData(channel, data)
        #expect(datagram == plain)
        #expect(frame == plain + Array(repeating: 0, count: -count & 3))
    }

    @Test("Data that does not fit its message is refused")
    func tooLong() {
        var session = bench.session()
        session.addsFingerprint = true
        let most = session.sendIndication(to: bench.mapped, Array(repeating: 0, count: 65492), dontFragment: true)
        let more = session.sendIndication(to: bench.mapped, Array(repeating: 0, count: 65493))
        let channel = session.channelData(ChannelNumber(rawValue: 0x4000), Array(repeating: 0, count: 65536))
        #expect(most.map { (try? MessageReader($0.span)) != nil } == true)
        #expect(more == nil)
        #expect(channel == nil)
    }
}
