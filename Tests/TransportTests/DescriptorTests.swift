import Addressing
import Glibc
import Testing
import Transport

@Suite struct DescriptorTests {
    /// Runs in a process of its own, which may run out of descriptors without harm to others.
    @Test func listenerShedsConnectionsWhenDescriptorsRunOut() async {
        await #expect(processExitsWith: .success) {
            let address = try #require(TransportAddress("127.0.0.1:0"))
            let listener = try TCPListener(boundTo: address)
            var reserve = DescriptorReserve()
            var epoll = try Epoll()
            try epoll.add(listener.descriptor, .read, token: EventToken(kind: 0))
            let clients = [
                try TCPSocket(connectingTo: listener.localAddress()),
                try TCPSocket(connectingTo: listener.localAddress()),
            ]
            var limit = rlimit(rlim_cur: 64, rlim_max: 64)
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            while dup(0) >= 0 {}

            for _ in clients {
                let count = try epoll.wait(timeoutMilliseconds: 5000)
                #expect(count == 1)
                guard case .shed = listener.accept(reserve: &reserve) else {
                    Issue.record("the connection was not shed")
                    return
                }
            }
            guard case .nothing = listener.accept(reserve: &reserve) else {
                Issue.record("a connection is left")
                return
            }
            // The queue is empty, so the loop does not spin.
            let count = try epoll.wait(timeoutMilliseconds: 0)
            #expect(count == 0)
        }
    }

    @Test func limitIsRaisedToTheHardLimit() async {
        await #expect(processExitsWith: .success) {
            var limit = rlimit(rlim_cur: 128, rlim_max: 512)
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let raised = try FileDescriptorLimit.raise()
            #expect(raised == 512)
        }
    }
}
