/// A JSON value of any shape, as the admin interface sends and takes it (Docs/openapi.yaml).
package enum JSONValue: Codable, Hashable, Sendable {
    case null
    case flag(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// Decodes whatever is there.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Encodes what is here.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// What stands under a name, or under names joined by dots; nil where there is no such thing.
    package subscript(_ path: String) -> JSONValue? {
        var value = self
        for name in path.split(separator: ".") {
            guard case .object(let members) = value, let next = members[String(name)] else { return nil }
            value = next
        }
        return value
    }

    /// The elements of a list; none for anything else.
    package var elements: [JSONValue] {
        if case .list(let elements) = self { elements } else { [] }
    }

    /// The integer; nil for anything else.
    package var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// For people: texts without quotes, lists with commas. Control characters, which a stranger may have chosen, are shown
    /// as U+FFFD.
    package var shown: String {
        switch self {
        case .null: ""
        case .flag(let value): value ? "yes" : "no"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value):
            String(String.UnicodeScalarView(value.unicodeScalars.map { $0.properties.isPrintable ? $0 : "\u{FFFD}" }))
        case .list(let elements): elements.map(\.shown).joined(separator: ", ")
        case .object(let members): members.sorted { $0.key < $1.key }.map { "\($0)=\($1.shown)" }.joined(separator: " ")
        }
    }
}

extension Unicode.Scalar.Properties {
    /// Whether a terminal shows the character, and does not obey it.
    fileprivate var isPrintable: Bool {
        switch generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
