/// A USERNAME that carries its own expiry: `expiry`, `expiry:name`, or `name:expiry` as coturn also takes it.
///
/// The first separator divides, so a name behind the number may hold separators and a name before it may not. Where
/// both sides are numbers the left one is the expiry. The number is ASCII digits and nothing else: a sign, a space or a
/// value beyond Int64 makes the username an ordinary one.
package struct RESTUsername: Sendable {
    /// The last second, since 1970-01-01 UTC, at which the credential is good.
    package let expiry: Int64
    /// The user's name; empty when the username is only a number, with or without a separator.
    package let name: [UInt8]

    /// Reads a username; nil when it has none of the forms.
    package init?(parsing username: [UInt8], separator: UInt8) {
        guard let position = username.firstIndex(of: separator) else {
            guard let expiry = Self.parseSeconds(username[...]) else { return nil }
            self.expiry = expiry
            name = []
            return
        }
        let left = username[..<position]
        let right = username[(position + 1)...]
        if let expiry = Self.parseSeconds(left) {
            self.expiry = expiry
            name = Array(right)
        } else if let expiry = Self.parseSeconds(right) {
            self.expiry = expiry
            name = Array(left)
        } else {
            return nil
        }
    }

    /// Whether the credential is past its last second.
    package func isExpired(at unixSeconds: Int64) -> Bool { unixSeconds > expiry }

    private static func parseSeconds(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = tens.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            guard !tooLarge, !overflow else { return nil }
            value = sum
        }
        return value
    }
}
