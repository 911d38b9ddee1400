import AdminClient
import Testing

@Suite("Tables and texts")
struct TableTests {
    private let table = Table(["NAME", "WHERE"], rows: [["alice", "a very long address indeed"], ["b", "c"]])

    @Test("Columns are as wide as what stands in them")
    func wide() {
        #expect(table.lines(width: nil) == ["NAME   WHERE", "alice  a very long address indeed", "b      c"])
    }

    @Test("No line is wider than the terminal, and the widest column gives way", arguments: 14...40)
    func narrow(width: Int) {
        let lines = table.lines(width: width)
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(lines[1].hasPrefix("alice  "))
    }

    @Test("What a stranger has chosen cannot steer the terminal")
    func escapes() {
        #expect(JSONValue.text("a\u{1B}[2Jb\u{202E}").shown == "a\u{FFFD}[2Jb\u{FFFD}")
    }

    @Test("A path leads through objects, and a wrong one nowhere")
    func paths() {
        let value = JSONValue.object(["a": .object(["b": .integer(7)])])
        #expect(value["a.b"] == .integer(7))
        #expect(value["a.c"] == nil)
        #expect(value["a.b.c"] == nil)
    }

    @Test("Everything but unreserved characters is percent-encoded")
    func encoding() {
        #expect(PercentEncoding.encode("a-Z.0_~/ é\u{0}") == "a-Z.0_~%2F%20%C3%A9%00")
    }
}
