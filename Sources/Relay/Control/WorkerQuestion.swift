package import TURN

/// What is asked of a worker. It answers between its turns, in slices, so that no question holds up the relay path.
package enum WorkerQuestion: Sendable {
    /// Sessions that match, from an index of the table on, so many at most.
    case sessions(SessionFilter, from: UInt32, limit: Int, Reply<[SessionSummary]>)
    /// One session with all it holds.
    case session(AllocationID, Reply<WorkerSession?>)
    /// Ends one session; how many were ended.
    case end(AllocationID, Reply<Int>)
    /// Ends all sessions that match; how many were ended.
    case endAll(SessionFilter, Reply<Int>)
    /// What the worker has counted.
    case report(Reply<WorkerReport>)
}

/// A session as its worker knows it.
package struct WorkerSession: Sendable {
    /// What the engine knows.
    package let detail: SessionDetail
    /// What OpenSSL knows; nil without TLS and DTLS.
    package let encryption: Encryption?

    /// How a session is protected.
    package struct Encryption: Sendable {
        /// The version, as OpenSSL calls it.
        package let version: String
        /// The cipher, as OpenSSL calls it.
        package let cipher: String
    }
}
