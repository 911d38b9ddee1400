/// What a run does to a server.
package struct LoadPlan: Sendable {
    /// What each client does with its life.
    package enum Life: Sendable {
        /// One Binding request after another.
        case binding
        /// Allocate, with the round trip for the challenge, and free at once; then again from a new address.
        case allocateAndFree
        /// Allocate, keep, free at the end.
        case hold
        /// Allocate, exchange data with a peer, free at the end.
        case carry(Carriage)
    }

    /// How a client's data travels to the server and back.
    package enum Carriage: String, Sendable, CaseIterable {
        /// In ChannelData messages.
        case channels
        /// In Send and Data indications.
        case indications
    }

    /// What to call it in reports.
    package var name: String
    /// How many clients there are at a time.
    package var sessions = 1
    /// What they do.
    package var life: Life
    /// The packets of each session, for those that carry data.
    package var streams: [MediaStream] = []
    /// Packets on their way at a time, for streams that go as fast as they are carried.
    package var window = 128
    /// How many cycles begin each second; nil for as many as are answered.
    package var requestsPerSecond: Double?
    /// Over how long the clients begin.
    package var rampUpSeconds = 0.0
    /// How long the load is on before it is measured.
    package var warmUpSeconds = 0.5
    /// How long it is measured.
    package var durationSeconds = 5.0
    /// How many clients leave, and are replaced, each second.
    package var departuresPerSecond = 0.0
    /// How long a client with an allocation waits before it refreshes that and its channel or permission.
    package var upkeepSeconds: UInt32 = 240
    /// How many clients may be on their way to an allocation at a time.
    package var concurrentSetUps = 32
    /// Whether to spin instead of sleeping between packets: more exact, for a processor of its own.
    package var spins = false
    /// The processor to stay on; nil for any.
    package var processor: Int?

    /// A plan of a name and a life; the rest is set afterwards.
    package init(_ name: String, _ life: Life) {
        self.name = name
        self.life = life
    }
}
