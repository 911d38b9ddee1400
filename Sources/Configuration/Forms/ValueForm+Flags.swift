// Flags: the name alone turns them on; coturn's spellings of on and off are taken too.

extension ValueForm where Value == Bool {
    /// A flag.
    static var flag: ValueForm { .choice(true, otherwise: false) }

    /// A flag whose name says no, for a field that says yes.
    static var negation: ValueForm { .choice(false, otherwise: true) }
}

extension ValueForm where Value: Equatable {
    /// A flag that chooses between two values of a field.
    static func choice(_ on: Value, otherwise off: Value) -> ValueForm {
        ValueForm(
            placeholder: "",
            expectation: "nothing behind the name, or one of on, off, yes, no, true, false, 1, 0",
            bare: on,
            read: { text in readSwitch(text).map { $0 ? on : off } },
            show: { $0 == on ? "on" : "off" })
    }
}

/// coturn looks at the first letter only: 0, n and f are off; 1 to 9, y and t are on.
private func readSwitch(_ text: [UInt8]) -> Bool? {
    let word = String(decoding: text, as: UTF8.self).lowercased()
    switch word {
    case "on": return true
    case "off": return false
    default:
        switch word.utf8.first ?? 0 {
        case UInt8(ascii: "0"), UInt8(ascii: "n"), UInt8(ascii: "f"): return false
        case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "y"), UInt8(ascii: "t"): return true
        default: return nil
        }
    }
}
