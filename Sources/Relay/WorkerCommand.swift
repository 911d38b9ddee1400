package import TURN

/// What other threads ask of a worker through its mailbox.
package enum WorkerCommand: Sendable {
    /// Begin TLS and DTLS with new clients from these contexts.
    case use(SecureContexts)
    /// Go by these settings from now on.
    case obey(EngineSettings, WorkerSettings)
    /// Send clients to these servers, the ones that are alive.
    case sendClients(to: [AlternateServer])
    /// Take over a client's connection that came to the wrong worker.
    case adopt(DetachedConnection)
    /// Answer that the loop still turns.
    case callRoll(RollCall)
    /// Answer a client of another worker, whose allocation is here.
    case serve(GuestRequest)
    /// Give a client here what another worker answered it.
    case passOn(GuestReply)
    /// Give an allocation to the worker to which its client has moved, and from there has sent a packet.
    case give(MobilityClaim, to: Int, with: [UInt8])
    /// Take an allocation over.
    case take(MovedSession)
    /// Make no new allocations, or make them again.
    case drain(Bool)
    /// Answer the operator.
    case answer(WorkerQuestion)
    /// Tell a listener what happens.
    case tell(EventFeed)
    /// End every allocation, close everything and return.
    case stop
}
