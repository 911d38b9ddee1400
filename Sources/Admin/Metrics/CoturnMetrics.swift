import Relay
import STUN
import TURN

// The same figures under the names that coturn gives them, so that its dashboards go on working. What coturn adds only when
// a session ends is live here.

extension MetricFamily {
    /// coturn's metrics, as far as there is something to say.
    static func coturn(_ totals: RelayTotals) -> [MetricFamily] {
        let traffic = totals.traffic.values.reduce(into: Traffic()) { $0.add($1) }
        let refusedBindings = totals.refusals.filter { $0.key.method == .binding }.values.reduce(0, &+)
        let bindings = totals.successes[.binding] ?? 0
        let challenges = totals.refusals.filter { $0.key.code == .unauthenticated }.values.reduce(0, &+)
        return [
            MetricFamily(
                .gauge, "turn_total_allocations", "As culvert_sessions.", by: "type",
                totals.sessions.map { ($0.key.description.uppercased(), $0.value) }),
            MetricFamily(
                .counter, "stun_binding_request", "Binding requests answered.", bindings &+ refusedBindings),
            MetricFamily(.counter, "stun_binding_response", "Binding requests answered with success.", bindings),
            MetricFamily(.counter, "stun_binding_error", "Binding requests answered with an error.", refusedBindings),
            MetricFamily(.counter, "turn_unauthenticated_401_responses", "Requests answered with 401.", challenges),
            MetricFamily(
                .counter, "turn_unauthenticated_401_dropped_responses", "Error replies withheld.",
                totals.drops["\(DropReason.rateLimited)"] ?? 0),
            // The client's side: what came from it and went to it.
            MetricFamily(.counter, "turn_total_traffic_rcvp", "Packets from clients.", traffic.sentPackets),
            MetricFamily(.counter, "turn_total_traffic_rcvb", "Bytes from clients.", traffic.sentBytes),
            MetricFamily(.counter, "turn_total_traffic_sentp", "Packets to clients.", traffic.receivedPackets),
            MetricFamily(.counter, "turn_total_traffic_sentb", "Bytes to clients.", traffic.receivedBytes),
            // The peers' side: what is relayed leaves there as it came here.
            MetricFamily(.counter, "turn_total_traffic_peer_rcvp", "Packets from peers.", traffic.receivedPackets),
            MetricFamily(.counter, "turn_total_traffic_peer_rcvb", "Bytes from peers.", traffic.receivedBytes),
            MetricFamily(.counter, "turn_total_traffic_peer_sentp", "Packets to peers.", traffic.sentPackets),
            MetricFamily(.counter, "turn_total_traffic_peer_sentb", "Bytes to peers.", traffic.sentBytes),
            MetricFamily(
                .counter, "turn_packet_processed", "Payloads relayed.", traffic.sentPackets &+ traffic.receivedPackets),
            MetricFamily(
                .counter, "turn_packet_dropped", "What was thrown away.", totals.drops.values.reduce(0, &+)),
        ]
    }
}
