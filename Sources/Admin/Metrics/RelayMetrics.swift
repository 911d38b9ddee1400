import Addressing
import Configuration
import Relay
import STUN
import TURN
import Timing
import Transport

// The one table of metrics. Labels have few values, whatever clients send: transports, methods, codes, reasons.

extension MetricFamily {
    /// All metrics of the relaying server.
    static func relay(_ totals: RelayTotals, _ administration: Administration) -> [MetricFamily] {
        sessions(totals) + traffic(totals) + offload(totals.offload) + requests(totals) + losses(totals)
            + workers(totals)
            + resources(administration)
    }

    private static func sessions(_ totals: RelayTotals) -> [MetricFamily] {
        [
            MetricFamily(
                .gauge, "culvert_sessions", "Sessions (allocations) there are.", by: "transport",
                totals.sessions.map { ($0.key.description, $0.value) }),
            MetricFamily(
                .gauge, "culvert_relayed_addresses", "Relayed transport addresses there are.", by: "family",
                totals.relayedAddresses.map { ($0.key, $0.value) }),
            MetricFamily(.gauge, "culvert_permissions", "Permissions there are.", totals.permissions),
            MetricFamily(.gauge, "culvert_channels", "Channels there are.", totals.channels),
            MetricFamily(
                .gauge, "culvert_connections", "TCP connections and DTLS clients there are.", totals.connections),
            MetricFamily(.counter, "culvert_sessions_created_total", "Sessions made.", totals.created),
            MetricFamily(.counter, "culvert_sessions_refreshed_total", "Sessions prolonged.", totals.refreshed),
            MetricFamily(
                .counter, "culvert_sessions_ended_total", "Sessions over.", by: "reason",
                totals.ended.map { ($0.key.rawValue, $0.value) }),
        ]
    }

    private static func traffic(_ totals: RelayTotals) -> [MetricFamily] {
        let samples = totals.traffic.sorted { $0.key.rawValue < $1.key.rawValue }
        func family(_ name: String, _ help: String, _ figure: (Traffic) -> (UInt64, UInt64)) -> MetricFamily {
            MetricFamily(
                .counter, name, help,
                samples.flatMap { transport, traffic in
                    let (sent, received) = figure(traffic)
                    return [("to_peer", sent), ("to_client", received)].map {
                        Sample(
                            labels: [("transport", transport.description), ("direction", $0.0)], value: Double($0.1))
                    }
                })
        }
        return [
            family("culvert_relayed_bytes_total", "Payload bytes relayed, of living sessions too.") {
                ($0.sentBytes, $0.receivedBytes)
            },
            family("culvert_relayed_packets_total", "Payloads relayed, of living sessions too.") {
                ($0.sentPackets, $0.receivedPackets)
            },
        ]
    }

    private static func offload(_ figures: OffloadFigures) -> [MetricFamily] {
        let traffic = figures.traffic
        return [
            MetricFamily(
                .gauge, "culvert_offloaded_channels", "Channels that the kernel relays.", figures.channels),
            MetricFamily(
                .counter, "culvert_offloaded_bytes_total", "Payload bytes that the kernel relayed, counted above too.",
                by: "direction", [("to_peer", traffic.sentBytes), ("to_client", traffic.receivedBytes)]),
            MetricFamily(
                .counter, "culvert_offloaded_packets_total", "Payloads that the kernel relayed, counted above too.",
                by: "direction", [("to_peer", traffic.sentPackets), ("to_client", traffic.receivedPackets)]),
            MetricFamily(
                .counter, "culvert_offload_refused_total",
                "Channels for which the kernel had no room or no way, and which the server relays.", figures.refused),
        ]
    }

    private static func requests(_ totals: RelayTotals) -> [MetricFamily] {
        let refused = totals.refusals.map { (MethodName.of($0.key.method), $0.key.code.rawValue, $0.value) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        return [
            MetricFamily(
                .counter, "culvert_requests_succeeded_total", "Requests answered with success.", by: "method",
                totals.successes.map { (MethodName.of($0.key), $0.value) }),
            MetricFamily(
                .counter, "culvert_requests_refused_total", "Requests answered with an error.",
                refused.map {
                    Sample(labels: [("method", $0.0), ("code", "\($0.1)")], value: Double($0.2))
                }),
            MetricFamily(
                .counter, "culvert_authentication_failures_total", "Credentials that did not fit.", by: "reason",
                AuthenticationFailure.allCases.map { ($0.rawValue, totals.authenticationFailures[$0] ?? 0) }),
            MetricFamily(
                .counter, "culvert_peers_denied_total", "Peers that the policy denied.", totals.deniedPeers),
        ]
    }

    private static func losses(_ totals: RelayTotals) -> [MetricFamily] {
        var families = [
            MetricFamily(
                .counter, "culvert_drops_total", "What was thrown away without an answer.", by: "reason",
                totals.drops.map { ($0.key, $0.value) }),
            MetricFamily(
                .counter, "culvert_receive_errors_total", "Errors of receiving calls.", totals.receiveErrors),
            MetricFamily(
                .counter, "culvert_connections_accepted_total", "TCP connections accepted.",
                totals.connectionsAccepted),
            MetricFamily(
                .counter, "culvert_connections_shed_total", "TCP connections closed at once for want of resources.",
                totals.connectionsShed),
            MetricFamily(
                .counter, "culvert_peer_connections_total",
                "TCP connections with peers: accepted from them or refused, begun to them, joined with a client's.",
                by: "outcome", totals.peerConnections.map { ($0.key, $0.value) }),
            MetricFamily(
                .counter, "culvert_tls_failures_total", "TLS and DTLS sessions that failed.", totals.tlsFailures),
            MetricFamily(
                .counter, "culvert_tls_handshakes_given_up_total", "Handshakes given up for younger ones.",
                totals.handshakesGivenUp),
        ]
        if let errors = SystemCounters.receiveBufferErrors() {
            families.append(
                MetricFamily(
                    .counter, "culvert_kernel_receive_buffer_errors_total",
                    "Datagrams that found a socket of this machine full.", errors))
        }
        return families
    }

    private static func workers(_ totals: RelayTotals) -> [MetricFamily] {
        [
            MetricFamily(.counter, "culvert_datagrams_sent_total", "Datagrams the kernel took.", totals.datagramsSent),
            MetricFamily(.counter, "culvert_send_calls_total", "System calls made to send them.", totals.sendCalls),
            MetricFamily(
                "culvert_worker_turn_seconds", "How long a turn of a worker's loop took.", totals.turnNanoseconds,
                scale: 1e-9),
            MetricFamily(
                "culvert_worker_batch_size", "Datagrams received before a batch was sent.", totals.batchSizes,
                scale: 1),
        ]
    }

    private static func resources(_ administration: Administration) -> [MetricFamily] {
        let (configuration, control) = (administration.configuration, administration.control)
        let size = Int(configuration.maxPort) - Int(configuration.minPort) + 1
        var families = [
            MetricFamily(
                .gauge, "culvert_relay_ports_used", "Relay ports in use.", by: "address",
                control.relayPorts.map { ($0.address.bound.description, size - $0.free) }),
            MetricFamily(.gauge, "culvert_relay_ports", "Relay ports of each address.", size),
            MetricFamily(
                .gauge, "culvert_draining", "Whether no new sessions are taken.", control.drain == nil ? 0 : 1),
            MetricFamily(
                .gauge, "culvert_start_time_seconds", "When the server started, since 1970.",
                control.startedAt.unixSeconds),
        ]
        if let certificate = control.certificate {
            families.append(
                MetricFamily(
                    .gauge, "culvert_certificate_expiry_seconds", "When the certificate ends, since 1970.",
                    certificate.expiry))
        }
        return families
    }

    /// A histogram of a worker; `scale` turns its unit into that of the metric.
    private init(_ name: String, _ help: String, _ histogram: Histogram, scale: Double) {
        var (samples, below): ([Sample], UInt64) = ([], 0)
        for index in 0..<Histogram.classCount {
            below += histogram.count(inClass: index)
            let bound = index == Histogram.classCount - 1 ? .infinity : Double(histogram.upperBound(index)) * scale
            let label = bound.isInfinite ? "+Inf" : "\(bound)"
            samples.append(Sample(suffix: "_bucket", labels: [("le", label)], value: Double(below)))
        }
        samples.append(Sample(suffix: "_sum", value: Double(histogram.sum) * scale))
        samples.append(Sample(suffix: "_count", value: Double(below)))
        self.init(.histogram, name, help, samples)
    }
}
