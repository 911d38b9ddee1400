/// One thing that the doctor has looked at.
package struct Finding: Hashable, Sendable {
    /// How grave it is.
    package enum Gravity: String, Sendable {
        /// As it should be.
        case fine
        /// It works, but somebody should know.
        case warning
        /// Something does not work.
        case fault
    }

    /// How grave it is.
    package let gravity: Gravity
    /// The name of what was found, for scripts: `certificate-expired`. Names are stable.
    package let name: String
    /// What was found, for people.
    package let text: String
    /// What to do about it; nil when there is nothing to do.
    package let cure: String?

    /// Something that is as it should be.
    static func fine(_ name: String, _ text: String) -> Finding {
        Finding(gravity: .fine, name: name, text: text, cure: nil)
    }

    /// Something that works, but not well.
    static func warning(_ name: String, _ text: String, cure: String) -> Finding {
        Finding(gravity: .warning, name: name, text: text, cure: cure)
    }

    /// Something that does not work.
    static func fault(_ name: String, _ text: String, cure: String) -> Finding {
        Finding(gravity: .fault, name: name, text: text, cure: cure)
    }

    /// For scripts.
    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "gravity": .text(gravity.rawValue), "name": .text(name), "text": .text(text),
        ]
        if let cure { members["cure"] = .text(cure) }
        return .object(members)
    }
}
