import Accounts
import Addressing
import Database
import Foundation
import TURNClient
import Testing

private let coturn = URL(fileURLWithPath: "/usr/bin/turnserver")
private let coturnAdmin = URL(fileURLWithPath: "/usr/bin/turnadmin")
private let hasCoturn = [coturn, coturnAdmin].allSatisfy { FileManager.default.isExecutableFile(atPath: $0.path) }

/// One file for two servers, and for coturn's `turnadmin`.
@Suite("User database over sockets")
struct UserDatabaseTests {
    private let dora = Credentials(username: "dora", password: "word")

    @Test(
        "A database that coturn's turnadmin made serves logins, and what it changes holds while the server runs",
        .enabled(if: hasCoturn))
    func fromCoturn() throws {
        try withFile { path in
            try turnadmin("-a", "-b", path, "-u", "dora", "-r", ServerProcess.realm, "-p", "word")
            try withServer(.init(lines: ["userdb=\(path)"])) { server in
                let client = try server.client(credentials: dora)
                _ = try client.allocate()
                _ = try server.client().allocate()  // the user of the file

                try turnadmin("-d", "-b", path, "-u", "dora", "-r", ServerProcess.realm)
                for name in ["emil", "fritz"] {
                    try turnadmin("-a", "-b", path, "-u", name, "-r", ServerProcess.realm, "-p", "pass")
                }
                _ = try server.logLines { $0.contains("user database read") && $0.contains("users=2") }
                let emil = Credentials(username: "emil", password: "pass")
                #expect(try server.client(credentials: emil).request(.allocate()).isSuccess)
                #expect(try server.client(credentials: dora).request(.allocate()).errorCode == 401)
                #expect(try client.request(.refresh()).isSuccess)
            }
        }
    }

    @Test("A database that was made here serves logins on coturn, and its turnadmin lists it", .enabled(if: hasCoturn))
    func toCoturn() throws {
        try withFile { path in
            let realm = Array(ServerProcess.realm.utf8)
            do {
                let database = try UserDatabase(writing: path)
                try database.addUser(Array("dora".utf8), realm: realm, password: Array("word".utf8))
                try database.addSecret(Array("a-secret-of-ours".utf8), realm: realm)
            }
            #expect(try turnadmin("-l", "-b", path, "-r", ServerProcess.realm).contains("dora"))
            #expect(try turnadmin("-S", "-b", path, "-r", ServerProcess.realm).contains("a-secret-of-ours"))
            let server = try ServerProcess(
                .init(
                    lines: ["userdb=\(path)", "no-cli", "pidfile=\(path).pid", "relay-threads=1"],
                    executable: coturn))
            defer { _ = server.stop() }
            #expect(try server.client(credentials: dora).request(.allocate()).isSuccess)
            let stranger = Credentials(username: "dora", password: "other")
            #expect(try server.client(credentials: stranger).request(.allocate()).errorCode == 401)
        }
    }

    @Test("When the database is gone logins go on by what was read, and when it is back what it says holds")
    func outage() throws {
        try withFile { path in
            let realm = Array(ServerProcess.realm.utf8)
            try UserDatabase(writing: path).addUser(Array("dora".utf8), realm: realm, password: Array("word".utf8))
            try withServer(.init(lines: ["userdb=\(path)"])) { server in
                try FileManager.default.removeItem(atPath: path)
                _ = try server.logLines { $0.contains("cannot be read") }
                #expect(try server.client(credentials: dora).request(.allocate()).isSuccess)
                try UserDatabase(writing: path).addUser(Array("emil".utf8), realm: realm, password: Array("pass".utf8))
                _ = try server.logLines { $0.contains("can be read again") }
                #expect(try server.client(credentials: dora).request(.allocate()).errorCode == 401)
                let emil = Credentials(username: "emil", password: "pass")
                #expect(try server.client(credentials: emil).request(.allocate()).isSuccess)
            }
        }
    }

    @Test("Secrets of the database open nothing until use-auth-secret asks for them")
    func secrets() throws {
        try withFile { path in
            let secret = Array("a-secret-of-the-database".utf8)
            try UserDatabase(writing: path).addSecret(secret, realm: Array(ServerProcess.realm.utf8))
            let username = "9999999999:dora"
            let password = try #require(SharedSecret(secret)?.password(for: Array(username.utf8)))
            let rest = Credentials(username: username, password: String(decoding: password, as: UTF8.self))
            try withServer(.init(lines: ["userdb=\(path)"])) { server in
                #expect(try server.client(credentials: rest).request(.allocate()).errorCode == 401)
                let lines = try server.reload(["userdb=\(path)", "use-auth-secret"])
                #expect(lines.contains { $0.contains("changed=use-auth-secret") })
                #expect(try server.client(credentials: rest).request(.allocate()).isSuccess)
            }
        }
    }

    @Test("A reload may bring a database, and one that is none changes nothing")
    func reload() throws {
        try withFile { path in
            try Data(repeating: 65, count: 10_000).write(to: URL(fileURLWithPath: path))
            try withServer { server in
                let refused = try server.reload(["userdb=\(path)", "user-quota=1"])
                #expect(refused.contains { $0.contains("not reloaded") && $0.contains("not a database") })
                for _ in 0..<2 { #expect(try server.client().request(.allocate()).isSuccess) }
                try FileManager.default.removeItem(atPath: path)
                let realm = Array(ServerProcess.realm.utf8)
                try UserDatabase(writing: path).addUser(Array("dora".utf8), realm: realm, password: Array("word".utf8))
                _ = try server.reload(["userdb=\(path)"])
                #expect(try server.client(credentials: dora).request(.allocate()).isSuccess)
                _ = try server.reload([])
                #expect(try server.client(credentials: dora).request(.allocate()).errorCode == 401)
            }
        }
    }

    @Test("The rate of a realm holds for its running sessions from the moment it is written")
    func realmRate() throws {
        try withFile { path in
            let database = try UserDatabase(writing: path)
            try withServer(.init(lines: ["userdb=\(path)", "max-bps=50"])) { server in
                let (client, peer) = (try server.client(), try peer())
                _ = try client.allocate()
                try client.bind(.first, to: peer)
                try database.set(.maximumBytesPerSecond, to: 0, realm: Array(ServerProcess.realm.utf8))
                // Longer than a second's worth: it passes when the limit is gone.
                let datagram = [0x40, 0, 0, 51] + [UInt8](repeating: 1, count: 51)
                var hasPassed = false
                let deadline = ContinuousClock.now + .seconds(20)
                while !hasPassed, ContinuousClock.now < deadline {
                    try client.send(datagram)
                    hasPassed = (try? peer.receive(withinMilliseconds: 100)) != nil
                }
                #expect(hasPassed)
            }
        }
    }

    @Test("Quotas and rules about peers of the database hold in their realm")
    func realmOptions() throws {
        try withFile { path in
            let realm = Array(ServerProcess.realm.utf8)
            do {
                let database = try UserDatabase(writing: path)
                try database.addUser(Array("dora".utf8), realm: realm, password: Array("word".utf8))
                try database.set(.userQuota, to: 1, realm: realm)
                try database.add(.init(range: .init(parsing: "127.0.0.9"), allow: false))
            }
            try withServer(.init(lines: ["userdb=\(path)"])) { server in
                let client = try server.client(credentials: dora)
                _ = try client.allocate()
                #expect(try server.client(credentials: dora).request(.allocate()).errorCode == 486)
                let denied = try anyPort("127.0.0.9").with(port: 9)
                #expect(try client.request(.createPermission(for: denied)).errorCode == 403)
            }
        }
    }

    // MARK: -

    private func withFile(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "culvert-users-\(UUID().uuidString)"
        defer { for suffix in ["", ".pid"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        try body(path)
    }

    @discardableResult
    private func turnadmin(_ arguments: String...) throws -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = coturnAdmin
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self)
    }
}
