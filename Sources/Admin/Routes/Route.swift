import HTTPTypes
import Hummingbird

/// One operation of the admin interface, as Docs/openapi.yaml describes it.
struct Route: Sendable {
    /// Who may call it.
    enum Access: Sendable {
        /// Everybody who reaches the listener.
        case open
        /// Everybody, also by a link on another site: a file that is the same for all.
        case page
        /// Who has the token.
        case token
        /// Who has the token or a key for credentials.
        case apiKey
    }

    let method: HTTPRequest.Method
    /// Begins with a slash; parameters stand in braces.
    let path: String
    let access: Access
    /// The names of its query parameters.
    let query: Set<String>
    let takesBody: Bool
    let handle: @Sendable (AdminRequest) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: String, access: Access = .token, query: Set<String> = [],
        takesBody: Bool = false, _ handle: @escaping @Sendable (AdminRequest) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.query = query
        self.takesBody = takesBody
        self.handle = handle
    }

    /// All operations.
    static let all =
        observation + server + sessions + accounts + secrets + revocations + policy + rooms + Pages.routes

    /// Whether a path has the form of this route's.
    func matches(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let template = self.path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == template.count
            && zip(parts, template).allSatisfy { $1.hasPrefix("{") ? !$0.isEmpty : $0 == $1 }
    }
}
