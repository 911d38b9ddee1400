import FoundationEssentials
import NIOCore
package import NIOHTTP1
import NIOPosix

/// A client of the admin interface: one connection for each question.
package struct AdminConnection: Sendable {
    private typealias Channel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private let endpoint: AdminEndpoint

    /// The longest answer that is read: 100 000 sessions fit.
    private static let longestAnswer = 64 << 20

    /// A client of the server that is heard there. Connects when it is asked something.
    package init(_ endpoint: AdminEndpoint) {
        self.endpoint = endpoint
    }

    /// Asks, and gives the answer's bytes.
    ///
    /// - Parameter query: names and values, not yet percent-encoded.
    package func bytes(
        _ method: HTTPMethod, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil
    ) async throws -> [UInt8] {
        let (status, bytes) = try await exchange(method, path, query, body) { head, parts in
            var bytes: [UInt8] = []
            while let part = try await parts.next() {
                if case .body(var buffer) = part { bytes += buffer.readBytes(length: buffer.readableBytes) ?? [] }
                if case .end = part { break }
                guard bytes.count <= Self.longestAnswer else { throw AdminFailure.unreadable("it does not end") }
            }
            return (Int(head.status.code), bytes)
        }
        guard (200..<300).contains(status) else { throw Self.refusal(status, bytes) }
        return bytes
    }

    /// Asks, and gives the answer; null where it is empty.
    package func value(
        _ method: HTTPMethod, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil
    ) async throws -> JSONValue {
        let bytes = try await bytes(method, path, query: query, body: body)
        guard !bytes.isEmpty else { return .null }
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        } catch {
            throw AdminFailure.unreadable("it is no JSON")
        }
    }

    /// Hands every event of a stream to `body`, until the server ends or `body` says no.
    package func events(
        _ types: [String], _ body: @Sendable (ServerSentEvent) async throws -> Bool
    ) async throws {
        let query = types.isEmpty ? [] : [("types", types.joined(separator: ","))]
        try await exchange(.GET, "/api/v1/events", query, nil) { head, parts in
            guard head.status == .ok else { throw Self.refusal(Int(head.status.code), []) }
            var parser = EventParser()
            while let part = try await parts.next() {
                guard case .body(var buffer) = part else { continue }
                for event in parser.take(buffer.readBytes(length: buffer.readableBytes) ?? []) {
                    guard try await body(event) else { return }
                }
            }
        }
    }

    // MARK: - HTTP

    private func exchange<Answer: Sendable>(
        _ method: HTTPMethod, _ path: String, _ query: [(String, String)], _ body: JSONValue?,
        _ read:
            @Sendable (
                HTTPResponseHead, inout NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
            ) async throws -> Answer
    ) async throws -> Answer {
        let content = try body.map { try JSONEncoder().encode($0) }
        let head = head(method, PercentEncoding.target(path, query), contentLength: content?.count ?? 0)
        let channel = try await connect()
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(.head(head))
            if let content { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: content)))) }
            try await outbound.write(.end(nil))
            var parts = inbound.makeAsyncIterator()
            guard case .head(let answer) = try await parts.next() else {
                throw AdminFailure.unreadable("the connection was closed")
            }
            return try await read(answer, &parts)
        }
    }

    private func head(_ method: HTTPMethod, _ target: String, contentLength: Int) -> HTTPRequestHead {
        var headers: HTTPHeaders = ["connection": "close", "accept": "application/json, text/event-stream"]
        switch endpoint {
        case .socket: headers.add(name: "host", value: "localhost")
        case .http(let host, let port, let token):
            headers.add(name: "host", value: "\(host.contains(":") ? "[\(host)]" : host):\(port)")
            if let token { headers.add(name: "authorization", value: "Bearer \(token)") }
        }
        if contentLength > 0 {
            headers.add(name: "content-type", value: "application/json")
            headers.add(name: "content-length", value: "\(contentLength)")
        }
        return HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: headers)
    }

    private func connect() async throws -> Channel {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(.seconds(5))
        do {
            switch endpoint {
            case .socket(let path):
                return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: Self.prepare)
            case .http(let host, let port, _):
                return try await bootstrap.connect(host: host, port: port, channelInitializer: Self.prepare)
            }
        } catch {
            throw AdminFailure.unreachable(endpoint: "\(endpoint)", reason: "\(error)")
        }
    }

    @Sendable private static func prepare(_ channel: any NIOCore.Channel) -> EventLoopFuture<Channel> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            return try Channel(wrappingChannelSynchronously: channel)
        }
    }

    private static func refusal(_ status: Int, _ bytes: [UInt8]) -> AdminFailure {
        let problem = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        let message = problem?["error.message"]?.shown ?? problem?["problems"]?.shown ?? "without a reason"
        return .refused(status: status, message: message)
    }
}
