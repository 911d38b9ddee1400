import Addressing
import Foundation
import TURNClient
import Testing

@Suite("Reload")
struct ReloadTests {
    @Test("SIGHUP takes new users and rules about peers; sessions go on, and what is denied now ends")
    func reload() throws {
        try withServer { server in
            let (client, peer, other) = (try server.client(), try peer(), try peer(at: "127.0.0.2"))
            let relay = try client.allocate()
            try client.permit(peer, other)
            let newcomer = try server.client(credentials: Credentials(username: "dora", password: "word"))
            #expect(try newcomer.request(.allocate()).errorCode == 401)

            let lines = try server.reload(["user=dora:word", "denied-peer-ip=127.0.0.2"])
            #expect(lines.contains { $0.contains("changed=user,denied-peer-ip") })
            _ = try newcomer.allocate()
            #expect(try client.request(.createPermission(for: other.address)).errorCode == 403)
            try other.send([1], to: relay)
            try peer.send([2], to: relay)
            #expect(try client.receiveRelayed() == .indication(from: peer.address, [2]))
            #expect(try client.request(.refresh()).isSuccess)
        }
    }

    @Test("A bad file changes nothing, and is told with its line")
    func badFile() throws {
        try withServer { server in
            let client = try server.client()
            _ = try client.allocate()
            let lines = try server.reload(["user=dora:word", "user-quota=many"])
            #expect(lines.contains { $0.contains("turnserver.conf:") && $0.contains("user-quota") })
            #expect(lines.contains { $0.contains("not reloaded") })
            let newcomer = try server.client(credentials: Credentials(username: "dora", password: "word"))
            #expect(try newcomer.request(.allocate()).errorCode == 401)
            #expect(try client.request(.refresh()).isSuccess)
        }
    }

    @Test("What needs a restart is named, and the rest takes effect")
    func restart() throws {
        try withServer { server in
            let lines = try server.reload(["relay-threads=7", "user-quota=1"])
            #expect(lines.contains { $0.contains("settings=relay-threads") })
            _ = try server.client().allocate()
            #expect(try server.client().request(.allocate()).errorCode == 486)
        }
    }
}
