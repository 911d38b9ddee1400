import Addressing

extension ServerConfiguration {
    /// Fills in what follows from the settings, so that nobody else has to know.
    mutating func fillInWhatIsImplied() {
        if !staticAuthSecrets.isEmpty { useAuthSecret = true }
        if hasCredentials || useAuthSecret { longTermCredentials = true }
        if requireSHA256 { passwordAlgorithms = true }
        // Unspecified, a relay address says no more than no address does.
        relayAddresses.removeAll(where: \.isUnspecified)
        // Of two lines for one user the later counts, as in coturn.
        var later: Set<[UInt8]> = []
        users = users.reversed().filter { later.insert($0.name).inserted }.reversed()
    }
}
