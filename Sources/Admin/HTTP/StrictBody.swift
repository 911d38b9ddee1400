import FoundationEssentials

/// A JSON body of which every member is known: a misspelt one is a mistake that its sender must hear of.
protocol StrictBody: Decodable {
    /// The names of all members.
    static var members: Set<String> { get }
    /// Checks what the types do not say.
    func check() throws(Problem)
}

/// The names of the members of a JSON object.
private struct MemberNames: Decodable {
    let names: [String]
    /// Those that are null. None may be: what is not to be said is left out.
    let nulls: [String]

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        names = container.allKeys.map(\.stringValue)
        nulls = try container.allKeys.filter { try container.decodeNil(forKey: $0) }.map(\.stringValue)
    }
}

extension StrictBody {
    /// Reads a body.
    static func read(_ bytes: Data) throws(Problem) -> Self {
        let decoder = JSONDecoder()
        let body: Self
        do {
            let found = try decoder.decode(MemberNames.self, from: bytes)
            let unknown = found.names.filter { !members.contains($0) }
            guard unknown.isEmpty else {
                throw Problem.malformed("unknown members: \(unknown.sorted().joined(separator: ", "))")
            }
            guard found.nulls.isEmpty else {
                throw Problem.malformed("null: \(found.nulls.sorted().joined(separator: ", "))")
            }
            body = try decoder.decode(Self.self, from: bytes)
        } catch let problem as Problem {
            throw problem
        } catch let error as DecodingError {
            throw Problem.malformed(describe(error))
        } catch {
            throw Problem.malformed("the body is not JSON")
        }
        try body.check()
        return body
    }

    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "\(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")) is not of the right type"
        default: "the body is not JSON, or has a value out of range"
        }
    }
}
