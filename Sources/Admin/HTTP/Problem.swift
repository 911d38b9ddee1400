import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// An answer that says what is wrong with a request, or in the way.
struct Problem: Error {
    let status: HTTPResponse.Status
    let message: String
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ message: String) {
        self.status = status
        self.message = message
    }

    /// 400
    static func malformed(_ message: String) -> Problem { Problem(.badRequest, message) }
    /// 404
    static func missing(_ message: String) -> Problem { Problem(.notFound, message) }
    /// 409
    static func conflict(_ message: String) -> Problem { Problem(.conflict, message) }

    private struct Body: Encodable {
        struct Content: Encodable {
            let status: Int
            let message: String
        }
        let error: Content
    }

    var response: Response {
        var response = Response.json(Body(error: .init(status: status.code, message: message)), status: status)
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension Response {
    /// A response with a JSON body.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return Response(status: .internalServerError) }
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    /// A response with a text body.
    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(
            status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
