/// The names of users and realms, as operators write them.
enum Names {
    /// The bytes of a name.
    static func check(_ text: String, _ what: String, longest: Int = 508) throws(Problem) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, text.unicodeScalars.count <= longest, bytes.count <= 763,
            !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { throw .malformed("\(what): expected 1 to \(longest) characters, none of them a control character") }
        return bytes
    }

    /// A name as text; what is not UTF-8 is replaced.
    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
