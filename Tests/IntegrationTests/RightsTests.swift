import Foundation
import Testing

@Suite("Rights of the process", .enabled(if: getuid() == 0))
struct RightsTests {
    @Test("The process id is written where only root may write, before the rights of root are given up")
    func pidFile() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("culvert-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("pid")
        var options = ServerProcess.Options()
        options.lines = ["proc-user=nobody", "pidfile=\(file.path)"]
        try withServer(options) { _ in
            #expect(FileManager.default.fileExists(atPath: file.path))
        }
    }
}
