import Foundation
import Testing

@Suite("The service manager")
struct ServiceManagerTests {
    @Test("It hears of the start, of each reload with its time, and of the end", arguments: NotifySocket.Place.allCases)
    func life(place: NotifySocket.Place) throws {
        let manager = try NotifySocket(place)
        var options = ServerProcess.Options()
        options.environment = ["NOTIFY_SOCKET": manager.name]
        let server = try ServerProcess(options)
        #expect(try manager.receive() == ["READY": "1"])
        var before = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &before)
        server.signal(SIGHUP)
        let reload = try manager.receive()
        #expect(reload["RELOADING"] == "1")
        let microseconds = try #require(reload["MONOTONIC_USEC"].flatMap { Int($0) })
        #expect(microseconds >= before.tv_sec * 1_000_000 + before.tv_nsec / 1000)
        #expect(try manager.receive() == ["READY": "1"])
        #expect(server.stop() == 0)
        #expect(try manager.receive() == ["STOPPING": "1"])
    }

    @Test("It is given a sign of life again and again when it asks for one")
    func watchdog() throws {
        let manager = try NotifySocket(.path)
        var options = ServerProcess.Options()
        options.environment = ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "200000"]
        let server = try ServerProcess(options)
        #expect(try manager.receive() == ["READY": "1"])
        for _ in 0..<5 { #expect(try manager.receive() == ["WATCHDOG": "1"]) }
        #expect(server.stop() == 0)
    }

    @Test("A sign of life that is asked of another process is not given")
    func otherProcess() throws {
        let manager = try NotifySocket(.path)
        var options = ServerProcess.Options()
        options.environment = ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"]
        let server = try ServerProcess(options)
        #expect(try manager.receive() == ["READY": "1"])
        #expect(server.stop() == 0)
        #expect(try manager.receive() == ["STOPPING": "1"])
    }

    @Test("A NOTIFY_SOCKET that names no socket ends the start with a message")
    func badName() {
        var options = ServerProcess.Options()
        options.environment = ["NOTIFY_SOCKET": "vsock:2:1234"]
        #expect { try ServerProcess(options) } throws: {
            "\($0)".contains("NOTIFY_SOCKET names no socket: vsock:2:1234")
        }
    }
}
