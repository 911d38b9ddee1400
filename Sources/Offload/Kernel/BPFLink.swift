import COffload
import Glibc

/// A program on a hook of an interface. It goes when its descriptor does, so a server that is killed leaves nothing behind.
final class BPFLink: Sendable {
    private let descriptor: CInt

    /// Puts a program on the hook.
    init(_ program: BPFProgram, _ hook: Hook, interface: NetworkInterface) throws(OffloadError) {
        var attributes = bpf_attr()
        unsafe attributes.link_create.prog_fd = UInt32(bitPattern: program.descriptor)
        unsafe attributes.link_create.target_ifindex = interface.index
        switch hook {
        case .tc:
            unsafe attributes.link_create.attach_type = UInt32(coffload_tcx_ingress)
        case .xdp:
            unsafe attributes.link_create.attach_type = UInt32(BPF_XDP.rawValue)
            // Only in the driver: the generic hook is slower than tcx.
            unsafe attributes.link_create.flags = UInt32(XDP_FLAGS_DRV_MODE)
        }
        descriptor = try BPF.call(
            BPF_LINK_CREATE, &attributes, to: "attach to the \(hook) hook of \(interface.name)")
    }

    deinit {
        close(descriptor)
    }
}
