import Addressing
import STUN
import TURNClient
import Testing

// What nearly every test begins with.

/// Runs a test against a server of its own, which must end well, and in the end have logged each of some texts.
func withServer(
    _ options: ServerProcess.Options = ServerProcess.Options(), logging texts: String...,
    sourceLocation: SourceLocation = #_sourceLocation, _ test: (ServerProcess) throws -> Void
) throws {
    let server = try ServerProcess(options)
    do {
        try test(server)
    } catch {
        let log = server.log.joined(separator: "\n")
        Issue.record("\(error); the server said:\n\(log)", sourceLocation: sourceLocation)
    }
    #expect(server.isRunning, "the server ended by itself", sourceLocation: sourceLocation)
    let status = server.stop()
    if status != 0 {
        let log = server.log.joined(separator: "\n")
        Issue.record("the server ended with status \(status); it said:\n\(log)", sourceLocation: sourceLocation)
    }
    for text in texts {
        #expect(server.log.contains { $0.contains(text) }, "\(text)", sourceLocation: sourceLocation)
    }
}

/// An address with any port.
func anyPort(_ ip: String) throws -> TransportAddress {
    TransportAddress(try #require(IPAddress(ip)), port: 0)
}

/// A peer at an address.
func peer(at ip: String = "127.0.0.1") throws -> DatagramPeer {
    try DatagramPeer(at: anyPort(ip))
}

extension ClientConnection {
    /// Makes an allocation and gives its relayed address.
    func allocate(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ configure: (inout ClientRequest.AllocateOptions) -> Void = { _ in }
    ) throws -> TransportAddress {
        let response = try request(.allocate(configure))
        #expect(response.errorCode == nil, sourceLocation: sourceLocation)
        #expect(response.isAuthentic, sourceLocation: sourceLocation)
        return try #require(response.relayedAddress, sourceLocation: sourceLocation)
    }

    /// Installs permissions.
    func permit(_ peers: DatagramPeer..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        for peer in peers {
            let response = try request(.createPermission(for: peer.address))
            #expect(response.errorCode == nil, sourceLocation: sourceLocation)
        }
    }

    /// Binds a channel.
    func bind(
        _ channel: ChannelNumber, to peer: DatagramPeer, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let response = try request(.channelBind(channel, to: peer.address))
        #expect(response.errorCode == nil, sourceLocation: sourceLocation)
    }

    /// Shows that the server said nothing until now: the next message is the answer to a Binding request sent now.
    func expectSilence(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let (request, id) = bindingRequest()
        try send(request)
        var unexpected: [[UInt8]] = []
        while true {
            let message = try receiveMessage()
            if (try? MessageReader(message.span))?.transactionID == id { break }
            unexpected.append(message)
        }
        #expect(unexpected.isEmpty, comment, sourceLocation: sourceLocation)
    }

    /// A Binding request in bytes, with a transaction id of its own.
    func bindingRequest() -> ([UInt8], TransactionID) {
        let id = TransactionID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max))
        var writer = MessageWriter()
        writer.begin(MessageType(.binding, .request), id)
        return (writer.bytes, id)
    }

    /// A Send indication with these attributes alone.
    func sendIndication(_ attributes: ClientRequest.Attribute...) throws {
        try send(session.indication(.send, attributes))
    }
}

/// The channels that tests bind.
extension ChannelNumber {
    static let first = ChannelNumber(rawValue: 0x4000)
    static let second = ChannelNumber(rawValue: 0x4001)
}
