import Addressing
package import Logging
import Logs
import Offload
import STUN
import TURN
import Transport

/// Turns what happens into log records. Names and values are stable: operators' filters depend on them.
///
/// Records that a client can cause at will are limited by `HostileRecordLimit`; what is left out is counted and told, and
/// costs no more than the counting.
package struct Journal: Sendable {
    private let logger: Logger
    private let worker: Int
    private var limit = HostileRecordLimit()

    /// The journal of a worker, writing to `logger`.
    package init(_ logger: Logger, worker: Int) {
        self.logger = logger
        self.worker = worker
    }

    mutating func write(_ event: Event) {
        switch event {
        case .allocationCreated(let id, let fiveTuple, let username, let relayed, let lifetime):
            logger.info(
                "allocation created",
                metadata: Self.about(id, fiveTuple, username, worker: worker).merging([
                    "relayed": "\(relayed.map(\.description).joined(separator: ","))", "lifetime": "\(lifetime)",
                ]) { $1 })
        case .allocationRefreshed(let id, let fiveTuple, let username, let lifetime):
            let worker = worker
            writeLimited(
                .info, "allocation refreshed",
                Self.about(id, fiveTuple, username, worker: worker).merging(["lifetime": "\(lifetime)"]) { $1 })
        case .allocationMoved(let id, let fiveTuple, let username, let origin):
            let worker = worker
            writeLimited(
                .info, "allocation moved",
                Self.about(id, fiveTuple, username, worker: worker).merging([
                    "former_session": "\(SessionID(worker: origin.worker, origin.id))",
                    "former_client": "\(origin.fiveTuple.client)",
                    "former_transport": "\(origin.fiveTuple.transport)",
                ]) { $1 })
        case .allocationEnded(let id, let fiveTuple, let username, let traffic, let age, let ending):
            logger.info(
                "allocation ended",
                metadata: Self.about(id, fiveTuple, username, worker: worker).merging(figures(of: traffic)) { $1 }
                    .merging(["age": "\(age)", "reason": "\(ending.rawValue)"]) { $1 })
        case .connectionEnded(let id, let fiveTuple, let username, let peer, let traffic, let age):
            let worker = worker
            writeLimited(
                .info, "connection ended",
                Self.about(id, fiveTuple, username, worker: worker).merging([
                    "peer": "\(peer)", "sent_bytes": "\(traffic.sentBytes)",
                    "received_bytes": "\(traffic.receivedBytes)", "age": "\(age)",
                ]) { $1 })
        case .authenticationFailed(let fiveTuple, let username, let method, let failure):
            writeLimited(
                .warning, "authentication failed",
                Self.about(fiveTuple, username).merging(["method": "\(method)", "reason": "\(failure.rawValue)"]) { $1 }
            )
        case .peerDenied(let fiveTuple, let username, let peer, let rule):
            writeLimited(
                .info, "peer denied",
                Self.about(fiveTuple, username).merging(["peer": "\(peer)", "rule": "\(rule)"]) { $1 })
        case .requestRefused(let fiveTuple, let username, let method, let code):
            writeLimited(
                .debug, "request refused",
                Self.about(fiveTuple, username).merging(["method": "\(method)", "code": "\(code.rawValue)"]) { $1 })
        }
    }

    mutating func tlsFailed(_ fiveTuple: FiveTuple, _ error: TLSError) {
        writeLimited(
            .debug, "TLS failed",
            ["client": "\(fiveTuple.client)", "transport": "\(fiveTuple.transport)", "error": "\(error)"])
    }

    /// A TCP connection was closed before it was served.
    mutating func connectionRefused(_ client: TransportAddress, _ reason: ConnectionRefusal) {
        writeLimited(.info, "connection refused", ["client": "\(client)", "reason": "\(reason.rawValue)"])
    }

    mutating func systemError(_ error: SystemError, _ message: Logger.Message, at address: TransportAddress? = nil) {
        var metadata: Logger.Metadata = ["error": "\(error)"]
        if let address { metadata["address"] = "\(address)" }
        writeLimited(.error, message, metadata)
    }

    /// The kernel relays nothing for this worker.
    func offloadFailed(_ error: OffloadError) {
        logger.warning("offload is off in a worker, it relays every packet", metadata: ["error": "\(error)"])
    }

    private mutating func writeLimited(
        _ level: Logger.Level, _ message: Logger.Message, _ metadata: @autoclosure () -> Logger.Metadata
    ) {
        guard logger.logLevel <= level else { return }
        switch limit.admit(now: SystemClock.instant()) {
        case .write(let suppressed):
            if suppressed > 0 {
                logger.warning("records suppressed", metadata: ["count": "\(suppressed)"])
            }
            logger.log(level: level, message, metadata: metadata())
        case .suppress:
            break
        }
    }

    private static func about(
        _ id: AllocationID, _ fiveTuple: FiveTuple, _ username: [UInt8], worker: Int
    ) -> Logger.Metadata {
        about(fiveTuple, username).merging(["session": "\(worker)-\(id.index)-\(id.generation)"]) { $1 }
    }

    private static func about(_ fiveTuple: FiveTuple, _ username: [UInt8]) -> Logger.Metadata {
        ["client": "\(fiveTuple.client)", "transport": "\(fiveTuple.transport)", "user": .untrusted(username)]
    }

    private func figures(of traffic: Traffic) -> Logger.Metadata {
        [
            "sent_packets": "\(traffic.sentPackets)", "sent_bytes": "\(traffic.sentBytes)",
            "received_packets": "\(traffic.receivedPackets)", "received_bytes": "\(traffic.receivedBytes)",
        ]
    }
}
