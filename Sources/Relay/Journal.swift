import Addressing
package import Logging
import Logs
import STUN
import TURN
import Transport

/// Turns what happens into log records. Names and values are stable: operators' filters depend on them.
///
/// Records that a stranger can cause at will are limited to `HostileRecordLimit` in a second; what is left out is counted
/// and told.
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
                metadata: about(id, fiveTuple, username).merging([
                    "relayed": "\(relayed.map(\.description).joined(separator: ","))", "lifetime": "\(lifetime)",
                ]) { $1 })
        case .allocationRefreshed(let id, let fiveTuple, let username, let lifetime):
            logger.info(
                "allocation refreshed",
                metadata: about(id, fiveTuple, username).merging(["lifetime": "\(lifetime)"]) { $1 })
        case .allocationEnded(let id, let fiveTuple, let username, let traffic, let age, let ending):
            logger.info(
                "allocation ended",
                metadata: about(id, fiveTuple, username).merging(figures(of: traffic)) { $1 }
                    .merging(["age": "\(age)", "reason": "\(ending.rawValue)"]) { $1 })
        case .authenticationFailed(let fiveTuple, let username, let method):
            writeHostile(
                .warning, "authentication failed",
                about(fiveTuple, username).merging(["method": "\(method)"]) { $1 })
        case .peerDenied(let fiveTuple, let username, let peer, let rule):
            writeHostile(
                .info, "peer denied",
                about(fiveTuple, username).merging(["peer": "\(peer)", "rule": "\(rule)"]) { $1 })
        case .requestRefused(let fiveTuple, let username, let method, let code):
            writeHostile(
                .debug, "request refused",
                about(fiveTuple, username).merging(["method": "\(method)", "code": "\(code.rawValue)"]) { $1 })
        }
    }

    mutating func tlsFailed(_ fiveTuple: FiveTuple, _ error: TLSError) {
        writeHostile(
            .debug, "TLS failed",
            ["client": "\(fiveTuple.client)", "transport": "\(fiveTuple.transport)", "error": "\(error)"])
    }

    mutating func systemError(_ error: SystemError, _ message: Logger.Message, at address: TransportAddress? = nil) {
        var metadata: Logger.Metadata = ["error": "\(error)"]
        if let address { metadata["address"] = "\(address)" }
        writeHostile(.error, message, metadata)
    }

    private mutating func writeHostile(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata) {
        guard logger.logLevel <= level else { return }
        switch limit.admit(now: SystemClock.instant()) {
        case .write(let suppressed):
            if suppressed > 0 {
                logger.warning("records suppressed", metadata: ["count": "\(suppressed)"])
            }
            logger.log(level: level, message, metadata: metadata)
        case .suppress:
            break
        }
    }

    private func about(_ id: AllocationID, _ fiveTuple: FiveTuple, _ username: [UInt8]) -> Logger.Metadata {
        about(fiveTuple, username).merging(["session": "\(worker)-\(id.index)-\(id.generation)"]) { $1 }
    }

    private func about(_ fiveTuple: FiveTuple, _ username: [UInt8]) -> Logger.Metadata {
        ["client": "\(fiveTuple.client)", "transport": "\(fiveTuple.transport)", "user": .untrusted(username)]
    }

    private func figures(of traffic: Traffic) -> Logger.Metadata {
        [
            "sent_packets": "\(traffic.sentPackets)", "sent_bytes": "\(traffic.sentBytes)",
            "received_packets": "\(traffic.receivedPackets)", "received_bytes": "\(traffic.receivedBytes)",
        ]
    }
}
