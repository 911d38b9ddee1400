import Addressing
import Foundation
import TURNClient
import TestCertificate
import Transport

/// The real server, in a process of its own, with a configuration file of its own.
final class ServerProcess {
    /// What is written to the configuration file beside ports, user and realm.
    struct Options {
        /// Where the server listens.
        var listening = ["127.0.0.1", "::1"]
        /// Where it relays from.
        var relay = ["127.0.0.1", "::1"]
        /// Whether peers on 127.0.0.0/8 and ::1 are allowed, as nearly every test needs.
        var allowsLoopbackPeers = true
        /// Whether TLS and DTLS are spoken, on the same port as all else.
        var isSecure = true
        /// More lines.
        var lines: [String] = []
        /// Another server to hold against the one under test.
        var executable: URL?
        /// Variables beside those of the tests.
        var environment: [String: String] = [:]
    }

    /// Why a server could not be used.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let credentials = Credentials(username: "user", password: "pass")
    static let realm = "example.org"

    /// The server under test: the one that CULVERT_TURNSERVER names, or the one built beside these tests; nil when neither
    /// is there.
    static let executable: URL? = {
        let environment = ProcessInfo.processInfo.environment
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let path = environment["CULVERT_TURNSERVER"] ?? tests.appendingPathComponent("turnserver").path
        return FileManager.default.isExecutableFile(atPath: path) ? URL(fileURLWithPath: path) : nil
    }()

    /// The ports of this server.
    let ports: PortBlock
    private var options: Options
    private let certificate: TestCertificate
    private let process = Process()
    private let exited = DispatchSemaphore(value: 0)
    private let folder: URL
    private var logFile: URL { folder.appendingPathComponent("log") }

    /// Starts a server and waits until it answers.
    init(_ options: Options) throws {
        guard let executable = options.executable ?? Self.executable else {
            throw Failure(description: "there is no turnserver to test")
        }
        self.options = options
        ports = try PortBlock.free()
        certificate = try TestCertificate()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("culvert-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try writeConfiguration()
        try Data().write(to: logFile)
        let log = try FileHandle(forWritingTo: logFile)
        process.executableURL = executable
        process.arguments = ["-c", configuration.path]
        process.environment = ProcessInfo.processInfo.environment.merging(options.environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        process.terminationHandler = { [exited] _ in exited.signal() }
        try Self.withSignalsUnblocked { try process.run() }
        try waitUntilItAnswers()
    }

    deinit {
        if process.isRunning { _ = stop() }
        try? FileManager.default.removeItem(at: folder)
    }

    /// The threads that tests run on block signals, and a child inherits that: it would never hear SIGTERM.
    private static func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        _ = unsafe sigemptyset(&none)
        _ = unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    private var configuration: URL { folder.appendingPathComponent("turnserver.conf") }

    private func writeConfiguration() throws {
        try lines.joined(separator: "\n").appending("\n").write(to: configuration, atomically: true, encoding: .utf8)
    }

    /// Writes other lines into the configuration file, has the server read it again, and waits until the log says what has
    /// come of it. Gives that line and those before it that came with it.
    func reload(_ lines: [String]) throws -> [String] {
        options.lines = lines
        try writeConfiguration()
        let before = log.count
        signal(SIGHUP)
        return try logLines(after: before) { $0.contains("reloaded") }
    }

    /// Waits for a line of the log, and gives what was logged after the first `count` lines.
    func logLines(after count: Int = 0, until isLast: (String) -> Bool) throws -> [String] {
        let deadline = ContinuousClock.now + .seconds(20)
        let changes = try FileChanges(logFile.path)
        repeat {
            let lines = Array(log.dropFirst(count))
            if lines.contains(where: isLast) { return lines }
            changes.wait(until: deadline)
        } while ContinuousClock.now < deadline
        throw Failure(description: "the log does not say what was waited for:\n" + log.joined(separator: "\n"))
    }

    private var lines: [String] {
        options.listening.map { "listening-ip=\($0)" } + options.relay.map { "relay-ip=\($0)" }
            + [
                "listening-port=\(ports.listening)", "min-port=\(ports.relay.lowerBound)",
                "max-port=\(ports.relay.upperBound)", "user=user:pass", "realm=\(Self.realm)", "lt-cred-mech",
                "log-file=stdout", "unauthorized-ratelimit-rps=0",
            ] + securityLines + (options.allowsLoopbackPeers ? ["allow-loopback-peers"] : []) + options.lines
    }

    private var securityLines: [String] {
        guard options.isSecure else { return ["no-tls", "no-dtls"] }
        return [
            "cert=\(certificate.certificateFile)", "pkey=\(certificate.keyFile)", "dtls",
            "tls-listening-port=\(ports.listening)",
        ]
    }

    private func waitUntilItAnswers() throws {
        let first = options.listening[0]
        let ip = ["0.0.0.0": "127.0.0.1", "::": "::1"][first] ?? first
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            guard process.isRunning else { break }
            // Each wait is one round of retransmissions: a refused datagram is simply not answered.
            let client = try ClientConnection(.udp, to: address(ip))
            if (try? client.request(.binding, withinMilliseconds: 100)) != nil { return }
        }
        throw Failure(description: "the server does not answer; it said:\n" + log.joined(separator: "\n"))
    }

    /// What the server wrote, line by line.
    var log: [String] {
        let text = (try? String(contentsOf: logFile, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// The memory that the server occupies, in bytes.
    var residentByteCount: Int {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/statm", encoding: .utf8)) ?? ""
        let pages = status.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(getpagesize())
    }

    /// Whether the server still runs.
    var isRunning: Bool { process.isRunning }

    /// Sends a signal.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Lets the server stand still while a test does something that it is to find as a whole.
    func standStill(_ body: () throws -> Void) rethrows {
        signal(SIGSTOP)
        var information = unsafe siginfo_t()
        _ = unsafe waitid(P_PID, id_t(process.processIdentifier), &information, WSTOPPED | WNOWAIT)
        defer { signal(SIGCONT) }
        try body()
    }

    /// Ends the server with SIGTERM and gives its exit status. A signal that killed it counts as 128 and more, as in a
    /// shell; a server that does not end within ten seconds is killed with SIGKILL.
    func stop() -> Int32 {
        process.terminate()
        if exited.wait(timeout: .now() + 10) == .timedOut {
            signal(SIGKILL)
            exited.wait()
        }
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }

    /// The server's port at one of its addresses.
    func address(_ ip: String = "127.0.0.1") throws -> TransportAddress {
        guard let ip = IPAddress(ip) else { throw Failure(description: "\(ip) is no address") }
        return TransportAddress(ip, port: ports.listening)
    }

    /// A client of this server, with the right credentials.
    func client(
        _ transport: ClientTransport = .udp, to ip: String = "127.0.0.1", from local: TransportAddress? = nil,
        credentials: Credentials? = credentials, receiveBufferByteCount: Int? = nil
    ) throws -> ClientConnection {
        try ClientConnection(
            transport, to: address(ip), from: local, credentials: credentials,
            trust: ServerTrust(TLSClientSettings(authorityFile: certificate.certificateFile)),
            receiveBufferByteCount: receiveBufferByteCount)
    }
}
