import Addressing
import Cryptography
import HTTPTypes
import Hummingbird

/// Lets requests in, or not: who asks, and from which page.
struct Gate: Sendable {
    /// What the gate asks for on one listener.
    enum Watch: Sendable {
        /// Nothing: who reaches the listener may do everything. The Unix socket.
        case none
        /// The token, and that a browser's page is our own.
        case token([UInt8])
    }

    let watch: Watch
    /// Names that Host may have beside addresses and localhost.
    let hosts: [String]
    /// The keys that are good for `/ice-servers`.
    let apiKeys: [[UInt8]]

    /// Refuses what may not come in.
    func check(_ request: Request, for access: Route.Access) throws(Problem) {
        guard case .token(let token) = watch else { return }
        try checkHost(of: request)
        if access != .page { try checkOrigin(of: request) }
        switch access {
        case .open, .page: break
        case .token: try check(request, against: [token])
        case .apiKey: try check(request, against: [token] + apiKeys)
        }
    }

    private func check(_ request: Request, against keys: [[UInt8]]) throws(Problem) {
        let words = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        let shown = words.count == 2 && words[0].lowercased() == "bearer" ? Array(words[1].utf8) : []
        // All are compared, so that the time tells nothing of which one.
        var fits = false
        for key in keys where ConstantTime.equal(key.span, shown.span) { fits = true }
        guard fits, !shown.isEmpty else {
            var problem = Problem(.unauthorized, "expected Authorization: Bearer with the admin token")
            problem.headers[.wwwAuthenticate] = "Bearer"
            throw problem
        }
    }

    // MARK: - Browsers

    /// A page of another site must not reach us through the browser of an operator: neither by a name of its own that leads
    /// here (DNS rebinding), nor by a form or script (CSRF).
    private func checkHost(of request: Request) throws(Problem) {
        guard let host = request.head.authority, isKnown(host) else {
            throw Problem(.misdirectedRequest, "unknown name in Host; admin-host makes it known")
        }
    }

    private func checkOrigin(of request: Request) throws(Problem) {
        if let origin = request.headers[.origin],
            origin.split(separator: "/").last.map(String.init) != request.head.authority
        {
            throw Problem(.forbidden, "requests from pages of another origin are refused")
        }
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = request.headers[name],
            site == "cross-site" || site == "same-site"
        {
            throw Problem(.forbidden, "requests from pages of another site are refused")
        }
    }

    private func isKnown(_ host: String) -> Bool {
        if TransportAddress(host) != nil || IPAddress(host) != nil { return true }
        let name = (host.split(separator: ":").first.map(String.init) ?? "").lowercased()
        return name == "localhost" || hosts.contains { $0.lowercased() == name }
    }
}
