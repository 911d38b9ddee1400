import HTTPTypes
import Hummingbird
import NIOCore

/// The web pages. They hold nothing that is secret: whatever they show they ask of the interface, with the token.
enum Pages {
    /// Their operations.
    static let routes = [
        Route(.get, "/", access: .page) { _ in try response("index.html") },
        Route(.get, "/pages/{file}", access: .page) { request in try response(request.parameter("file")) },
    ]

    private static let files = Dictionary(uniqueKeysWithValues: PageFile.all.map { ($0.name, $0) })

    /// Nothing comes from elsewhere, nothing goes elsewhere, and no page of others has ours in a frame.
    private static let policy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private static func response(_ name: String) throws(Problem) -> Response {
        guard let file = files[name] else { throw .missing("there is no page \(name)") }
        var response = Response(
            status: .ok, headers: [.contentType: file.type, .contentSecurityPolicy: policy],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
        for (name, value) in [("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin")] {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }
}
