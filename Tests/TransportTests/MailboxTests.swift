import Testing
import Transport

@Suite struct MailboxTests {
    @Test func messagesOfManyPostersArriveInTheirOrder() throws {
        let mailbox = try Mailbox<(poster: Int, number: Int)>()
        var epoll = try Epoll()
        try epoll.add(mailbox.descriptor, .read, token: EventToken(kind: 3, index: 77, generation: 5))
        for poster in 0..<4 {
            // Not joined: each ends by itself.
            _ = try Thread.spawn(name: "poster") {
                for number in 0..<250 { mailbox.post((poster, number)) }
            }
        }
        var next = [0, 0, 0, 0]
        while next.reduce(0, +) < 1000 {
            let count = try epoll.wait(timeoutMilliseconds: 5000)
            try #require(count == 1)
            let token = epoll.event(0).token
            #expect(token.kind == 3 && token.index == 77 && token.isCurrent(5) && !token.isCurrent(6))
            for message in mailbox.drain() {
                #expect(message.number == next[message.poster])
                next[message.poster] += 1
            }
        }
        #expect(mailbox.drain().isEmpty)
    }

    @Test func bellIsSilentAfterDraining() throws {
        let mailbox = try Mailbox<Int>()
        var epoll = try Epoll()
        try epoll.add(mailbox.descriptor, .read, token: EventToken(kind: 0))
        mailbox.post(1)
        mailbox.post(2)
        let rung = try epoll.wait(timeoutMilliseconds: 5000)
        #expect(rung == 1)
        #expect(mailbox.drain() == [1, 2])
        let silent = try epoll.wait(timeoutMilliseconds: 0)
        #expect(silent == 0)
    }

    @Test("What is posted with a limit waits while there is room, and is the sender's own when there is none")
    func limit() throws {
        let mailbox = try Mailbox<Int>()
        #expect(mailbox.post(1, limit: 2) && mailbox.post(2, limit: 2))
        #expect(!mailbox.post(3, limit: 2))
        #expect(mailbox.post(4))
        #expect(mailbox.drain() == [1, 2, 4])
        #expect(mailbox.post(5, limit: 2))
    }

    @Test("A closed mailbox gives back what is left in it, and takes nothing more")
    func closed() throws {
        let mailbox = try Mailbox<Int>()
        mailbox.post(1)
        #expect(mailbox.close() == [1])
        #expect(!mailbox.post(2))
        #expect(mailbox.drain().isEmpty && mailbox.close().isEmpty)
    }
}
