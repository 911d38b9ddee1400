import HTTPTypes
import Hummingbird
import Testing

@testable import Admin

@Suite("The gate of the admin interface")
struct GateTests {
    private let gate = Gate(
        watch: .token(Array("the-admin-token!".utf8)), hosts: ["turn.example.org"], apiKeys: [Array("key".utf8)])

    private func status(
        host: String? = "127.0.0.1:5380", authorization: String? = "Bearer the-admin-token!", origin: String? = nil,
        site: String? = nil, for access: Route.Access = .token
    ) -> Int {
        var head = HTTPRequest(method: .get, scheme: "http", authority: host, path: "/")
        head.headerFields[.authorization] = authorization
        head.headerFields[.origin] = origin
        if let name = HTTPField.Name("Sec-Fetch-Site") { head.headerFields[name] = site }
        do throws(Problem) {
            try gate.check(Request(head: head, body: RequestBody(buffer: .init())), for: access)
            return 200
        } catch {
            return error.status.code
        }
    }

    @Test("Only the token opens it, and only the whole token")
    func token() {
        #expect(status() == 200)
        #expect(status(authorization: "bearer the-admin-token!") == 200)
        for wrong in [nil, "", "Bearer", "Bearer ", "Bearer the-admin-token", "Basic the-admin-token!", "Bearer key"] {
            #expect(status(authorization: wrong) == 401, "\(wrong ?? "none")")
        }
    }

    @Test("A key for credentials is good for nothing else")
    func apiKey() {
        #expect(status(authorization: "Bearer key", for: .apiKey) == 200)
        #expect(status(for: .apiKey) == 200)
        #expect(status(authorization: "Bearer other", for: .apiKey) == 401)
        #expect(status(authorization: nil, for: .open) == 200)
    }

    @Test("P12: a name of a stranger's in Host is refused, so that DNS rebinding leads nowhere")
    func host() {
        for known in ["localhost:5380", "LOCALHOST", "[::1]:5380", "192.0.2.1", "turn.example.org:5380"] {
            #expect(status(host: known) == 200, "\(known)")
        }
        for unknown in [nil, "evil.example", "evil.example:5380", "127.0.0.1.evil.example"] {
            #expect(status(host: unknown) == 421, "\(unknown ?? "none")")
        }
    }

    @Test("P12: pages of other sites cannot ask through an operator's browser")
    func origin() {
        #expect(status(origin: "http://127.0.0.1:5380", site: "same-origin") == 200)
        #expect(status(origin: "http://evil.example") == 403)
        #expect(status(origin: "http://127.0.0.1:80") == 403)
        #expect(status(origin: "null") == 403)
        #expect(status(site: "cross-site") == 403)
        #expect(status(site: "same-site") == 403)
        #expect(status(site: "none") == 200)
    }

    @Test("A link elsewhere may lead to the pages, which are the same for all; a stranger's name may not")
    func pages() {
        #expect(status(authorization: nil, site: "cross-site", for: .page) == 200)
        #expect(status(host: "evil.example", for: .page) == 421)
        #expect(status(authorization: nil, site: "cross-site", for: .open) == 403)
    }
}
