import COffload

extension BPFProgram {
    /// What the program did with a packet.
    struct Outcome {
        /// What it returned: an XDP action, or one of tc.
        let verdict: UInt32
        /// The packet as it left it.
        let packet: [UInt8]
    }

    /// Runs the program once on a packet, as if it had come in by `lo` (BPF_PROG_TEST_RUN). Nothing is sent.
    ///
    /// - Parameter packet: an Ethernet frame.
    func run(on packet: [UInt8], hook: Hook) throws(OffloadError) -> Outcome {
        switch hook {
        case .tc:
            var context = unsafe __sk_buff()
            unsafe context.ifindex = Route.loopback
            return try unsafe run(on: packet, context)
        case .xdp:
            var context = xdp_md()
            context.data_end = UInt32(clamping: packet.count)
            context.ingress_ifindex = Route.loopback
            return try run(on: packet, context)
        }
    }

    private func run<Context>(
        on packet: [UInt8], _ context: Context
    ) throws(OffloadError) -> Outcome {
        var attributes = bpf_attr()
        var output = [UInt8](repeating: 0, count: packet.count + 64)
        var failure: OffloadError?
        unsafe attributes.test.prog_fd = UInt32(bitPattern: descriptor)
        unsafe attributes.test.data_size_in = UInt32(clamping: packet.count)
        unsafe attributes.test.data_size_out = UInt32(clamping: output.count)
        unsafe attributes.test.ctx_size_in = UInt32(clamping: MemoryLayout<Context>.size)
        unsafe packet.withUnsafeBytes { packet in
            unsafe output.withUnsafeMutableBytes { output in
                unsafe withUnsafeBytes(of: context) { context in
                    unsafe attributes.test.data_in = unsafe packet.baseAddress.map { unsafe BPF.address($0) } ?? 0
                    unsafe attributes.test.data_out = unsafe output.baseAddress.map { unsafe BPF.address($0) } ?? 0
                    unsafe attributes.test.ctx_in = unsafe context.baseAddress.map { unsafe BPF.address($0) } ?? 0
                    do throws(OffloadError) {
                        try BPF.call(BPF_PROG_TEST_RUN, &attributes, to: "run the program on a packet")
                    } catch {
                        failure = error
                    }
                }
            }
        }
        if let failure { throw failure }
        let (verdict, size) = unsafe (attributes.test.retval, attributes.test.data_size_out)
        return Outcome(
            verdict: verdict, packet: Array(output.prefix(Int(clamping: size))))
    }
}
