import Accounts
import SeededRandom
import Testing

@Suite("REST usernames")
struct RESTUsernameTests {
    /// A username and what it must be read as; no expiry means that it is an ordinary username.
    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let expiry: Int64?
        let name: String

        init(_ text: String, _ expiry: Int64?, _ name: String = "") {
            self.text = text
            self.expiry = expiry
            self.name = name
        }

        var testDescription: String { text.count > 40 ? "\(text.prefix(40))..." : text }
    }

    static let longName = String(repeating: "n", count: 500)

    @Test(
        "N7: only ASCII digits that fit Int64 are an expiry",
        arguments: [
            Row("99999999999999999999:x", nil), Row("9223372036854775808:x", nil), Row("-1:x", nil), Row("+5:x", nil),
            Row(" 5:x", nil), Row("5 :x", nil), Row("0x5:x", nil), Row("5.0:x", nil), Row("1e9:x", nil), Row("-1", nil),
            Row("+5", nil), Row(" 5", nil), Row("\u{0665}:x", nil), Row("", nil), Row(":", nil), Row("::", nil),
            Row(":5:", nil), Row("alice", nil), Row("alice:bob", nil), Row("alice:5:6", nil), Row("\u{0}5:x", nil),
            Row("9223372036854775807:x", .max, "x"), Row("0:x", 0, "x"), Row("0005:x", 5, "x"),
            Row("5:\(longName)", 5, longName), Row(String(repeating: "0", count: 500) + "7:x", 7, "x"),
        ])
    func strictDigits(row: Row) {
        let parsed = RESTUsername(parsing: Array(row.text.utf8), separator: UInt8(ascii: ":"))
        #expect(parsed?.expiry == row.expiry)
        #expect(parsed?.name == row.expiry.map { _ in Array(row.name.utf8) })
    }

    @Test(
        "Q01: the expiry stands alone, before the name, or after it",
        arguments: [
            Row("1893456000", 1_893_456_000), Row("1893456000:", 1_893_456_000), Row(":1893456000", 1_893_456_000),
            Row("1893456000:alice", 1_893_456_000, "alice"), Row("alice:1893456000", 1_893_456_000, "alice"),
            Row("1893456000:a:b:c", 1_893_456_000, "a:b:c"), Row("1893456000::", 1_893_456_000, ":"),
            Row("1433895918:4294967295", 1_433_895_918, "4294967295"),
        ])
    func forms(row: Row) {
        let parsed = RESTUsername(parsing: Array(row.text.utf8), separator: UInt8(ascii: ":"))
        #expect(parsed?.expiry == row.expiry)
        #expect(parsed?.name == Array(row.name.utf8))
    }

    @Test("Q01: the separator is the operator's")
    func separator() {
        let bar = UInt8(ascii: "|")
        #expect(RESTUsername(parsing: Array("5|a:b".utf8), separator: bar)?.name == Array("a:b".utf8))
        #expect(RESTUsername(parsing: Array("5:a".utf8), separator: bar) == nil)
    }

    @Test("N7: no bytes at all can trap the reader")
    func randomBytes() {
        var random = SeededRandom()
        let alphabet: [UInt8] = Array("0123456789:: +-".utf8) + [0, 0x80, 0xFF]
        for _ in 0..<20_000 {
            let length = Int.random(in: 0...30, using: &random)
            let bytes = (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            let parsed = RESTUsername(parsing: bytes, separator: UInt8(ascii: ":"))
            #expect((parsed?.expiry ?? 0) >= 0, "\(random), \(bytes)")
        }
    }
}
