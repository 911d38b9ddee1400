import Foundation
import Logs
import SeededRandom
import Testing

@Suite("Log times")
struct LogTimeTests {
    @Test(
        "The calendar's corners",
        arguments: [
            (0, 0, "1970-01-01T00:00:00.000Z"), (-1, 999, "1969-12-31T23:59:59.999Z"),
            (951_782_399, 1, "2000-02-28T23:59:59.001Z"), (951_782_400, 0, "2000-02-29T00:00:00.000Z"),
            (951_868_800, 0, "2000-03-01T00:00:00.000Z"), (1_785_691_951, 297, "2026-08-02T17:32:31.297Z"),
            (2_147_483_648, 20, "2038-01-19T03:14:08.020Z"), (4_107_542_400, 0, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799, 0, "9999-12-31T23:59:59.000Z"), (-62_167_219_200, 0, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, Int64, String)])
    func corners(seconds: Int64, milliseconds: Int64, text: String) {
        #expect(LogTime(unixSeconds: seconds, milliseconds: milliseconds).description == text)
    }

    @Test("Any second between 1900 and 2300 is the one that Foundation writes")
    func model() {
        var random = SeededRandom()
        for _ in 0..<20_000 {
            let seconds = Int64.random(in: -2_208_988_800..<10_413_792_000, using: &random)
            let expected = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
            let text = LogTime(unixSeconds: seconds, milliseconds: 0).description
            #expect(text.replacing(".000", with: "") == expected, "\(random)")
        }
    }

    @Test("No reading of a clock traps", arguments: [Int64.min, .min + 1, -1, .max - 1, .max])
    func extremes(seconds: Int64) {
        #expect(LogTime(unixSeconds: seconds, milliseconds: 999).description.hasSuffix(".999Z"))
    }
}
