import Addressing
import Glibc
import Testing
import Timing
import Transport

@Suite struct SystemTests {
    @Test func clockGoesForward() {
        let first = SystemClock.moment()
        let second = SystemClock.moment()
        #expect(first.instant <= second.instant)
        #expect(first.instant > .distantPast)
        #expect(abs(first.unixSeconds - Int64(time(nil))) <= 2)
    }

    @Test func threadRunsAndIsJoined() throws {
        let mailbox = try Mailbox<String>()
        let thread = try Thread.spawn(name: "worker with a long name") { mailbox.post("done") }
        thread.join()
        #expect(mailbox.drain() == ["done"])
    }

    @Test func loopbackIsListed() throws {
        let addresses = try InterfaceAddress.all()
        let loopback = try #require(addresses.first { $0.ip == IPAddress("127.0.0.1") })
        #expect(loopback.isUp && loopback.isLoopback && !loopback.interface.isEmpty)
    }

    @Test func signalsAreReadAndDoNotKill() async {
        await #expect(processExitsWith: .success) {
            let signals = try Signals()
            var epoll = try Epoll()
            try epoll.add(signals.descriptor, .read, token: EventToken(kind: 9))
            var seen: Set<Signals.Signal> = []
            // Sent to this thread: others of the test process do not have the signals blocked.
            for signal in [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE] { pthread_kill(pthread_self(), signal) }
            while seen.count < 5 {
                let count = try epoll.wait(timeoutMilliseconds: 5000)
                try #require(count == 1)
                while let signal = signals.next() { seen.insert(signal) }
            }
            #expect(seen == Set(Signals.Signal.allCases))
        }
    }
}
