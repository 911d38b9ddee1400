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
            // While the server stands still, both write; it finds both when it goes on. Which of them it finds first is
            // the kernel's choice, so this is done several times, with either as the busy one.
            for round in 0..<8 {
                let (many, one) = round.isMultiple(of: 2) ? (busy, other) : (other, busy)
                try server.standStill {
                    try many.send(Array(repeatElement([0x40, 0, 0, 1, 1, 0, 0, 0], count: 200).joined()))
                    try one.send([2], through: .first)
                }
                let received = try (0..<201).map { _ in try peer.receive().bytes }
                #expect(received.count { $0 == [1] } == 200)
                #expect(try #require(received.firstIndex(of: [2])) <= 64)
            }
        }
    }
}
