import Addressing
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// One place where the admin interface is heard.
struct AdminListener: Sendable {
    /// Where.
    let address: BindAddress
    /// How the log calls it.
    let name: String
    /// What is answered there, to whom.
    let responder: AdminResponder

    /// Connections at a time.
    private static let connectionLimit = 64
    /// A connection on which nothing moves is closed.
    private static let idleSeconds: Int64 = 60
    /// The longest header field, and all of them together.
    private static let longestHeader = 16_384

    /// Serves until the task is cancelled. `onStart` is told when it is bound.
    func run(on group: any EventLoopGroup, onStart: @escaping @Sendable () -> Void) async throws {
        var quiet = Logger(label: "admin") { _ in SwiftLogNoOpLogHandler() }
        quiet.logLevel = .critical
        let application = Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(Self.idleSeconds),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: Self.longestHeader, maxHeaderListSize: Self.longestHeader,
                        maxHeaderFieldCount: 64))),
            configuration: .init(
                address: address,
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionLimit)),
            onServerRunning: { _ in onStart() }, eventLoopGroupProvider: .shared(group), logger: quiet)
        try await application.run()
    }
}
