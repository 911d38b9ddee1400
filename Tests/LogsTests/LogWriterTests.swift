import Foundation
import Logging
import Logs
import Testing

@Suite("Writing logs", .timeLimit(.minutes(2)))
struct LogWriterTests {
    @Test("A file is appended to and made for its owner and group alone")
    func appending() throws {
        let file = try LogFile()
        for text in ["first", "second"] {
            let writer = try file.writer()
            logger(writer).info("\(text)")
            #expect(writer.close())
        }
        #expect(try file.lines().map { $0.split(separator: "=").last } == ["first", "second"])
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode.map { $0 & 0o137 } == 0)
    }

    @Test("A file that cannot be opened is an error that names it")
    func unopenable() throws {
        let error = #expect(throws: LogError.self) { try LogWriter(to: .file(path: "/nonexistent/log")) }
        #expect(error?.description == "cannot open log file /nonexistent/log: No such file or directory")
    }

    @Test("After rotation the new file takes what comes, and the old one keeps what came")
    func rotation() throws {
        let file = try LogFile()
        let writer = try file.writer()
        logger(writer).info("before")
        #expect(writer.flush())
        try FileManager.default.moveItem(atPath: file.path, toPath: file.path + ".1")
        logger(writer).info("between")
        #expect(writer.flush())
        writer.reopen()
        logger(writer).info("after")
        #expect(writer.flush())
        #expect(try file.lines(of: "log.1").map { $0.split(separator: "=").last } == ["before", "between"])
        #expect(try file.lines().map { $0.split(separator: "=").last } == ["after"])
        writer.reopen()
        #expect(writer.flush())
        #expect(writer.close())
    }

    @Test("Where the file cannot be opened again the old one is kept, and says so")
    func failedRotation() throws {
        let file = try LogFile()
        let writer = try file.writer()
        let moved = file.folder + ".moved"
        try FileManager.default.moveItem(atPath: file.folder, toPath: moved)
        writer.reopen()
        logger(writer).info("still here")
        #expect(writer.close())
        try FileManager.default.moveItem(atPath: moved, toPath: file.folder)
        let text = try file.lines().joined()
        #expect(text.contains("still here") && text.contains("cannot open log file"))
    }

    @Test("Threads that log at once keep their lines whole and in their own order")
    func concurrency() async throws {
        let file = try LogFile()
        let writer = try file.writer(capacityBytes: 1 << 24)
        let count = 500
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    let logger = logger(writer, label: "t\(thread)")
                    for number in 0..<count { logger.info("x", metadata: ["n": .stringConvertible(number)]) }
                }
            }
        }
        #expect(writer.close())
        var next: [String: Int] = [:]
        let lines = try file.lines()
        #expect(lines.count == 8 * count)
        for line in lines {
            let fields = try #require(LogfmtReader.read(line))
            #expect(fields.map(\.key) == ["time", "level", "logger", "event", "n"])
            #expect(fields[4].value == "\(next[fields[2].value, default: 0])")
            next[fields[2].value, default: 0] += 1
        }
        #expect(writer.lostRecords == 0)
    }

    @Test("A full queue drops records without waiting, counts them, and says so when there is room")
    func fullQueue() throws {
        let pipe = try NamedPipe()
        let writer = try LogWriter(to: .file(path: pipe.path), capacityBytes: 10_000)
        let logger = logger(writer)
        let count = 5000
        let padding = String(repeating: "p", count: 100)
        for _ in 0..<count { logger.info("x", metadata: ["padding": .string(padding)]) }
        let lost = Int(writer.lostRecords)
        #expect(lost > 0)
        #expect(!writer.flush(milliseconds: 50))
        let text = try pipe.drain(while: { !writer.close(milliseconds: 10) })
        let events = text.split(separator: "\n").compactMap { LogfmtReader.read(String($0)) }
        let reported = events.filter { $0[3].value == "log records lost" }.compactMap { Int($0[4].value) }
        #expect(reported.reduce(0, +) == lost)
        #expect(events.count - reported.count == count - lost)
    }

    @Test("A reader who went away costs records, not the process")
    func brokenPipe() throws {
        let pipe = try NamedPipe()
        let writer = try LogWriter(to: .file(path: pipe.path))
        pipe.closeReader()
        for _ in 0..<3 {
            logger(writer).info("x")
            #expect(writer.flush())
        }
        #expect(writer.lostRecords == 3)
        try pipe.openReader()
        logger(writer).info("back")
        #expect(writer.close())
        let lines = try pipe.drain(while: { false }).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasSuffix("event=back") == true)
        #expect(lines.last?.hasSuffix("event=\"log records lost\" count=3") == true)
    }

    @Test("A full disk costs records and no more than one attempt for each batch")
    func fullDisk() throws {
        let writer = try LogWriter(to: .file(path: "/dev/full"))
        for _ in 0..<10 { logger(writer).info("x") }
        #expect(writer.flush())
        #expect(writer.lostRecords == 10)
        #expect(writer.close())
    }

    @Test("After the end records are lost in silence")
    func afterClose() throws {
        let file = try LogFile()
        let writer = try file.writer()
        #expect(writer.close())
        logger(writer).info("late")
        #expect(writer.close() && writer.flush())
        #expect(writer.lostRecords == 1)
        #expect(try file.lines().isEmpty)
    }

    @Test("A writer that is let go of writes what it has")
    func deinitialisation() throws {
        let pipe = try NamedPipe()
        do {
            let writer = try LogWriter(to: .file(path: pipe.path))
            for number in 0..<100 { logger(writer).info("\(number)") }
        }
        #expect(try pipe.readToEnd().split(separator: "\n").count == 100)
    }
}
