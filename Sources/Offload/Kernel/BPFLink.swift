import COffload
import Glibc

/// A program on a hook of an interface. It goes when its descriptor does, so a server that is killed leaves nothing behind.
final class BPFLink: Sendable {
    private let descriptor: CInt

    /// Puts a program on the hook.
    convenience init(_ program: BPFProgram, _ hook: Hook, interface: NetworkInterface) throws(OffloadError) {
        switch hook {
        case .tc: try self.init(program, type: UInt32(coffload_tcx_ingress), interface: interface)
        case .xdp:
            // Only in the driver: the generic hook is slower than tcx.
            try self.init(
                program, type: UInt32(BPF_XDP.rawValue), flags: UInt32(XDP_FLAGS_DRV_MODE), interface: interface)
        }
    }

    /// Puts a program on a hook by the kernel's number of it.
    init(
        _ program: BPFProgram, type: UInt32, flags: UInt32 = 0, interface: NetworkInterface
    ) throws(OffloadError) {
        var attributes = bpf_attr()
        unsafe attributes.link_create.prog_fd = UInt32(bitPattern: program.descriptor)
        unsafe attributes.link_create.target_ifindex = interface.index
        unsafe attributes.link_create.attach_type = type
        unsafe attributes.link_create.flags = flags
        descriptor = try BPF.call(BPF_LINK_CREATE, &attributes, to: "attach to a hook of \(interface.name)")
    }

    deinit {
        close(descriptor)
    }
}
