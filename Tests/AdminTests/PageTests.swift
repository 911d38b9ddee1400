import HTTPTypes
import Testing

@testable import Admin

@Suite("The files of the web pages")
struct PageTests {
    private func text(_ file: PageFile) throws -> String { try #require(String(validating: file.bytes, as: UTF8.self)) }

    @Test("Each file is a part of the program, with its type and under its own name")
    func filesAreThere() throws {
        #expect(Set(PageFile.all.map(\.name)).count == PageFile.all.count)
        let page = try #require(PageFile.all.first { $0.name == "index.html" })
        #expect(try text(page).hasPrefix("<!doctype html>"))
        #expect(page.type == "text/html; charset=utf-8")
        for file in PageFile.all {
            #expect(file.type != "application/octet-stream", "\(file.name)")
            #expect(file.bytes.count > 50 && file.bytes.last == UInt8(ascii: "\n"), "\(file.name)")
        }
    }

    @Test("P12: nothing of the pages comes from elsewhere, and no markup holds script or style of its own")
    func filesStandAlone() throws {
        for file in PageFile.all {
            let text = try text(file)
            // A name in SVG is no address.
            let addresses = text.replacing("http://www.w3.org/2000/svg", with: "")
            for forbidden in ["https://", "http://", "url(//"] {
                #expect(!addresses.contains(forbidden), "\(forbidden) in \(file.name)")
            }
            guard file.name.hasSuffix(".html") else { continue }
            for forbidden in ["<style", " style=", " onclick=", "javascript:"] {
                #expect(!text.contains(forbidden), "\(forbidden) in \(file.name)")
            }
        }
    }

    @Test("Whatever a file asks for by name is there")
    func namesAreKnown() throws {
        let known = Set(PageFile.all.map(\.name))
        for file in PageFile.all {
            for match in try text(file).matches(of: /(?:\/pages\/|from "\.\/)([a-z]+\.[a-z]+)"/) {
                #expect(known.contains(String(match.1)), "\(match.1) in \(file.name)")
            }
        }
    }
}
