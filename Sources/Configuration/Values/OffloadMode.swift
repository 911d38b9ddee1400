/// Whether established channels are relayed inside the kernel, and where in it (`offload`).
package enum OffloadMode: String, Sendable, CaseIterable {
    /// Nowhere: every packet comes to the server.
    case off
    /// At the ingress of traffic control (tcx), which every interface has.
    case tc
    /// In the interface's driver, before the kernel has made a packet of a frame.
    case xdp
}
