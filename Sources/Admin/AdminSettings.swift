import Addressing
import Configuration
import CoreMetrics
import Glibc
import Hummingbird
import Logging

/// What the configuration says about the admin interface, with the files read and the folder of the socket made.
struct AdminSettings {
    /// Why there is no admin interface.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Where the Unix socket is to be; nil for nowhere.
    let socketPath: String?
    private let configuration: ServerConfiguration
    private let token: [UInt8]
    private let apiKeys: [[UInt8]]

    init(_ configuration: ServerConfiguration, owner: SocketOwner?, logger: Logger) throws(Failure) {
        self.configuration = configuration
        socketPath = Self.prepareSocket(configuration, owner: owner, logger)
        token = try Self.token(configuration, logger)
        apiKeys =
            try configuration.apiKeyFile.map { path throws(Failure) in
                try Self.lines(of: path, atLeast: 1, "api-key-file")
            } ?? []
    }

    /// What is heard where.
    func listeners(_ administration: Administration) -> [AdminListener] {
        let metrics = MetricsRegistry()
        func responder(_ watch: Gate.Watch, _ routes: [Route]) -> AdminResponder {
            AdminResponder(
                administration: administration,
                gate: Gate(watch: watch, hosts: configuration.adminHosts, apiKeys: apiKeys), routes: routes,
                metrics: metrics)
        }
        var listeners: [AdminListener] = []
        if let socketPath {
            listeners.append(
                AdminListener(
                    address: .unixDomainSocket(path: socketPath), name: socketPath,
                    responder: responder(.none, Route.all)))
        }
        if let address = configuration.adminAddress {
            listeners.append(
                AdminListener(
                    address, configuration.adminPort, responder(.token(token), Route.all)))
        }
        if configuration.prometheus {
            listeners.append(
                AdminListener(
                    configuration.prometheusAddress ?? IPAddress(v4: 0x7F00_0001), configuration.prometheusPort,
                    responder(.none, Route.prometheus(path: configuration.prometheusPath ?? "/metrics"))))
        }
        return listeners
    }

    // MARK: - Socket

    private static func prepareSocket(
        _ configuration: ServerConfiguration, owner: SocketOwner?, _ logger: Logger
    ) -> String? {
        let runtimeDirectory = unsafe getenv("XDG_RUNTIME_DIR").map { unsafe String(cString: $0) }
        guard let path = configuration.adminSocketPath(isRoot: geteuid() == 0, runtimeDirectory: runtimeDirectory)
        else {
            if configuration.adminSocket == nil {
                logger.notice("no admin socket: set admin-socket, or XDG_RUNTIME_DIR")
            }
            return nil
        }
        // Only what the default needs is made; whoever names a path says that its folder is there.
        if configuration.adminSocket == nil, let folder = parent(of: path) {
            if unsafe mkdir(folder, 0o755) == 0, let owner { _ = unsafe chown(folder, owner.user, owner.group) }
        }
        guard !isInUse(path) else {
            logger.warning(
                "no admin socket: another server answers there; name another one by admin-socket",
                metadata: ["path": "\(path)"])
            return nil
        }
        return path
    }

    private static func parent(of path: String) -> String? {
        path.lastIndex(of: "/").map { String(path[..<$0]) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether somebody answers at a socket; one that a dead server left behind is replaced.
    private static func isInUse(_ path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    // MARK: - Token

    private static func token(_ configuration: ServerConfiguration, _ logger: Logger) throws(Failure) -> [UInt8] {
        if let path = configuration.adminTokenFile {
            return try lines(of: path, atLeast: 16, "admin-token-file").first ?? []
        }
        let token = RandomText.secret()
        if let address = configuration.adminAddress {
            let place = AdminListener.url(address, configuration.adminPort)
            logger.notice(
                "admin token, good until the server ends",
                metadata: ["token": "\(token)", "pages": "\(place)/#token=\(token)"])
        }
        return Array(token.utf8)
    }

    /// The lines of a file that are not empty; none of them may be shorter than so many bytes.
    private static func lines(of path: String, atLeast shortest: Int, _ setting: String) throws(Failure) -> [[UInt8]] {
        guard let bytes = SmallFile.bytes(path) else {
            throw Failure(description: "\(setting): cannot read \(path): \(unsafe String(cString: strerror(errno)))")
        }
        let lines = bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).map(Array.init)
        guard !lines.isEmpty, lines.allSatisfy({ $0.count >= shortest }) else {
            throw Failure(description: "\(setting): expected at least \(shortest) bytes a line in \(path)")
        }
        return lines
    }
}

extension AdminListener {
    fileprivate init(_ address: IPAddress, _ port: UInt16, _ responder: AdminResponder) {
        self.init(
            address: .hostname("\(address)", port: Int(port)), name: Self.url(address, port), responder: responder)
    }

    fileprivate static func url(_ address: IPAddress, _ port: UInt16) -> String {
        address.family == .ipv6 ? "http://[\(address)]:\(port)" : "http://\(address):\(port)"
    }
}
