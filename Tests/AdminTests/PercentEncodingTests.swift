import Testing

@testable import Admin

@Suite("Percent-encoding")
struct PercentEncodingTests {
    @Test func decodes() {
        #expect(PercentEncoding.decode("a%2Fb%20c+d") == "a/b c+d")
        #expect(PercentEncoding.decode("a+b", plusIsSpace: true) == "a b")
        #expect(PercentEncoding.decode("%C3%A4") == "ä")
        #expect(PercentEncoding.decode("") == "")
    }

    @Test(arguments: ["%", "%2", "%zz", "%-1", "%FF", "%C3", "a%2"])
    func refusesWhatIsBroken(text: String) {
        #expect(PercentEncoding.decode(text[...]) == nil)
    }
}
