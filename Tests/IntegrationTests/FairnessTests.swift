import Foundation
import TURNClient
import Testing

@Suite("Fairness among streams")
struct FairnessTests {
    @Test("P11: who sends many tiny frames at once does not keep another waiting until all of them are served")
    func tinyFrames() throws {
        try withServer(.init(lines: ["relay-threads=1"])) { server in
            let peer = try peer()
            let (busy, other) = (try server.client(.tcp), try server.client(.tcp))
            for client in [busy, other] {
                _ = try client.allocate()
                try client.bind(.first, to: peer)
            }
            // While the server stands still, both write; it finds both when it goes on.
            server.signal(SIGSTOP)
            try busy.send(Array(repeatElement([0x40, 0, 0, 1, 1, 0, 0, 0], count: 200).joined()))
            try other.send([2], through: .first)
            server.signal(SIGCONT)
            let received = try (0..<201).map { _ in try peer.receive().bytes }
            #expect(received.count { $0 == [1] } == 200)
            #expect(try #require(received.firstIndex(of: [2])) <= 64)
        }
    }
}
