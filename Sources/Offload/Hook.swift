/// Where in the kernel packets are met.
package enum Hook: String, Sendable {
    /// tcx ingress: any interface; tcpdump sees what is relayed.
    case tc
    /// XDP in the driver: before the kernel has made a packet of a frame. For interfaces whose drivers have it.
    case xdp
}
