import Testing
import Transport

@Suite struct MailboxTests {
    @Test func messagesOfManyPostersArriveInTheirOrder() async throws {
        let mailbox = try Mailbox<(poster: Int, number: Int)>()
        var epoll = try Epoll()
        try epoll.add(mailbox.descriptor, .read, token: EventToken(kind: 3, index: 77, generation: 5))
        for poster in 0..<4 {
            Task.detached {
                for number in 0..<250 { mailbox.post((poster, number)) }
            }
        }
        var next = [0, 0, 0, 0]
        while next.reduce(0, +) < 1000 {
            try #require(try epoll.wait(timeoutMilliseconds: 5000) == 1)
            let token = epoll.event(0).token
            #expect(token.kind == 3 && token.index == 77 && token.isCurrent(5) && !token.isCurrent(6))
            for message in mailbox.drain() {
                #expect(message.number == next[message.poster])
                next[message.poster] += 1
            }
        }
        #expect(mailbox.drain().isEmpty)
        #expect(try epoll.wait(timeoutMilliseconds: 0) == 0)
    }
}
