/// How a setting differs from the coturn option of the same name, and when that matters to an operator who comes from
/// coturn.
package enum CoturnDifference: Hashable, Sendable {
    /// The default differs: it matters when the option is not set.
    case unset(String)
    /// The meaning differs: it matters when the option is set.
    case set(String)
    /// It matters in any case.
    case always(String)

    /// The difference in a sentence or two.
    package var text: String {
        switch self {
        case .unset(let text), .set(let text), .always(let text): text
        }
    }

    /// Whether it matters for a configuration that sets the option, or does not.
    package func matters(isSet: Bool) -> Bool {
        switch self {
        case .unset: !isSet
        case .set: isSet
        case .always: true
        }
    }
}
