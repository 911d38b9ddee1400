/// The keys that live as long as the process: a reload must not make nonces and tickets worthless that clients have.
struct ProcessKeys: Sendable {
    /// Behind the nonces, where no fleet shares a secret: 32 bytes.
    let nonces = Self.random()
    /// Behind the tickets of mobility: 32 bytes.
    let tickets = Self.random()

    private static func random() -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }
}
