import Addressing
import STUN
import TURNClient
import Testing
import Timing

@Suite("Client requests")
struct ClientRequestTests {
    private let peers = [
        TransportAddress(IPAddress(v4: 0xC000_0201), port: 1),
        TransportAddress(IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 1), port: 2),
    ]

    /// The request as it is written without credentials.
    private func written(_ request: ClientRequest, addsFingerprint: Bool = false) throws -> [UInt8] {
        var session = ClientSession(isStream: false)
        session.addsFingerprint = addsFingerprint
        session.begin(request, at: Instant(nanoseconds: 0))
        let action = session.poll(at: Instant(nanoseconds: 0))
        guard case .transmit(let bytes)? = action else { throw ClientError.timedOut }
        return bytes
    }

    @Test("Allocate asks for UDP and nothing else by default")
    func plainAllocate() throws {
        let bytes = try written(.allocate())
        #expect(bytes.count == 28)
        #expect(try attributes(of: bytes) == [.requestedTransport: [17, 0, 0, 0]])
    }

    @Test("Allocate carries each option")
    func allocate() throws {
        let bytes = try written(
            .allocate { options in
                options.transport = 6
                options.lifetimeSeconds = 3600
                options.family = .ipv6
                options.additionalFamily = .ipv4
                options.evenPortReservingNext = true
                options.reservationToken = 0x0102_0304_0506_0708
                options.dontFragment = true
            })
        #expect(
            try attributes(of: bytes) == [
                .requestedTransport: [6, 0, 0, 0], .lifetime: [0, 0, 0x0E, 0x10],
                .requestedAddressFamily: [2, 0, 0, 0],
                .additionalAddressFamily: [1, 0, 0, 0], .evenPort: [0x80], .reservationToken: [1, 2, 3, 4, 5, 6, 7, 8],
                .dontFragment: [],
            ])
        #expect(try attributes(of: written(.allocate { $0.evenPortReservingNext = false }))[.evenPort] == [0])
        #expect(try attributes(of: written(.allocate { $0.transport = nil })).isEmpty)
    }

    @Test("Refresh carries lifetime and family when they are given")
    func refresh() throws {
        #expect(try attributes(of: written(.refresh())).isEmpty)
        #expect(
            try attributes(of: written(.refresh(lifetimeSeconds: 0, family: .ipv4)))
                == [.lifetime: [0, 0, 0, 0], .requestedAddressFamily: [1, 0, 0, 0]])
    }

    @Test("CreatePermission carries every peer, in order")
    func createPermission() throws {
        let bytes = try written(.createPermission(for: peers[0], peers[1]))
        let reader = try MessageReader(bytes.span)
        var found: [TransportAddress?] = []
        var offset = WireFormat.headerByteCount
        while let attribute = reader.nextAttribute(&offset) { found.append(reader.xorAddress(at: attribute)) }
        #expect(found == peers)
    }

    @Test("ChannelBind carries number and peer")
    func channelBind() throws {
        let bytes = try written(.channelBind(ChannelNumber(rawValue: 0x4ABC), to: peers[1]))
        let reader = try MessageReader(bytes.span)
        #expect(reader.type == MessageType(.channelBind, .request))
        #expect(reader.channelNumber == .value(ChannelNumber(rawValue: 0x4ABC)))
        #expect(reader.peerAddress == .value(peers[1]))
    }

    @Test("A Send indication carries peer and data, and DONT-FRAGMENT and FINGERPRINT when they are asked for")
    func send() throws {
        var session = ClientSession(isStream: false)
        session.addsFingerprint = true
        let indication = session.sendIndication(to: peers[0], [1, 2, 3], dontFragment: true)
        let bytes = try #require(indication)
        let reader = try MessageReader(bytes.span)
        #expect(reader.type == MessageType(.send, .indication))
        #expect(reader.peerAddress == .value(peers[0]))
        let hasFingerprint = reader.hasFingerprint
        #expect(hasFingerprint)
        let found = try attributes(of: bytes)
        #expect(found[.data] == [1, 2, 3])
        #expect(found[.dontFragment] == [])
    }

    @Test("B01: a request ends in FINGERPRINT when that is switched on")
    func fingerprint() throws {
        let bytes = try written(.binding, addsFingerprint: true)
        let reader = try MessageReader(bytes.span)
        let hasFingerprint = reader.hasFingerprint
        #expect(hasFingerprint)
    }
}
