import TURN
import Testing
import Transport

@testable import Relay

@Suite("Directory of allocations that may move")
struct DirectoryTests {
    private let directory = RelayResources(addresses: [], ports: 49152...65535).mobility
    private let id = MobilityID(rawValue: 7)

    @Test("An allocation that ends where it was just sent is not left in the directory")
    func endsAtOnce() throws {
        let ended = try Mailbox<Void>()
        let isMoved = directory.move(id, to: 1) {
            // The other worker has it, and ends it.
            (try? Thread.spawn(name: "other") { [directory, id] in
                directory.remove(id)
                ended.post(())
            }) != nil
        }
        #expect(isMoved)
        var epoll = try Epoll()
        try epoll.add(ended.descriptor, .read, token: EventToken(kind: 0))
        #expect(try epoll.wait(timeoutMilliseconds: 10_000) == 1)
        #expect(directory.count == 0)
    }

    @Test("An allocation that could not be sent stays where it was")
    func notSent() {
        #expect(directory.move(id, to: 1) { true })
        #expect(!directory.move(id, to: 2) { false })
        #expect(directory.worker(of: id) == 1)
    }
}
