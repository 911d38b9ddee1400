import Addressing
import Configuration
import Relay
import STUN
import TURN
import Transport

/// Totals since the start, with those of each worker.
struct StatisticsBody: Encodable {
    struct Ports: Encodable {
        let address: String
        let used: Int
        let total: Int
    }

    let at: Double
    let uptimeSeconds: Int64
    let total: FiguresBody
    let workers: [FiguresBody]
    let ports: [Ports]
    let socketReceiveErrors: UInt64?

    init(_ administration: Administration, _ reports: [WorkerReport]) {
        let control = administration.control
        at = WallClock.now()
        uptimeSeconds = control.uptimeSeconds
        workers = reports.map { FiguresBody([$0]) }
        total = FiguresBody(reports)
        let size = Int(administration.configuration.maxPort) - Int(administration.configuration.minPort) + 1
        ports = control.relayPorts.map {
            Ports(address: $0.address.bound.description, used: size - $0.free, total: size)
        }
        socketReceiveErrors = SystemCounters.receiveBufferErrors()
    }
}

/// The figures of one worker, or of all together.
struct FiguresBody: Encodable {
    struct Refusals: Encodable {
        let method: String
        let code: UInt16
        let count: UInt64
    }

    let sessions: Int
    let sessionsByTransport: [String: Int]
    let permissions: Int
    let channels: Int
    let connections: Int
    let traffic: TrafficBody
    let allocations: UInt64
    let refusals: [Refusals]
    let authenticationFailures: [String: UInt64]
    let drops: [String: UInt64]
    let busySeconds: Double

    init(_ reports: [WorkerReport]) {
        let totals = RelayTotals(reports)
        sessions = totals.sessions.values.reduce(0, +)
        sessionsByTransport = Dictionary(uniqueKeysWithValues: totals.sessions.map { ($0.key.description, $0.value) })
        permissions = totals.permissions
        channels = totals.channels
        connections = totals.connections
        traffic = TrafficBody(totals.traffic.values.reduce(into: Traffic()) { $0.add($1) })
        allocations = totals.created
        refusals = totals.refusals.map {
            Refusals(method: MethodName.of($0.key.method), code: $0.key.code.rawValue, count: $0.value)
        }.sorted { ($0.method, $0.code) < ($1.method, $1.code) }
        authenticationFailures = Dictionary(
            uniqueKeysWithValues: totals.authenticationFailures.map { ($0.key.rawValue, $0.value) })
        drops = totals.drops
        busySeconds = Double(totals.turnNanoseconds.sum) * Double(WorkerLoad.turnsPerMeasurement) / 1e9
    }
}

/// The names of methods in JSON and in labels.
enum MethodName {
    /// `allocate`, `createPermission`: the RFC's name with a small letter in front.
    static func of(_ method: Method) -> String {
        let name = method.description
        return name.prefix(1).lowercased() + name.dropFirst()
    }
}
