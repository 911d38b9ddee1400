extension RelayProgram {
    /// A program for tcx that hands packets with a mark over to an interface, as if they had come in there, and takes the
    /// mark off; all others go on. Small enough to be read in its instructions (bpf_conf.h of the kernel's documentation).
    static func redirect(mark: UInt32, to interface: NetworkInterface) -> RelayProgram {
        let markOffset: UInt16 = 8  // of `mark` in struct __sk_buff
        return RelayProgram(
            words: [
                instruction(0x61, 2, from: 1, offset: markOffset),  // r2 = skb->mark
                instruction(0x56, 2, offset: 6, mark),  // if (w2 != mark) goto the last but one
                instruction(0xB7, 2),  // r2 = 0
                instruction(0x63, 1, from: 2, offset: markOffset),  // skb->mark = r2
                instruction(0xB7, 1, interface.index),  // r1 = the interface
                instruction(0xB7, 2, 1),  // r2 = BPF_F_INGRESS
                instruction(0x85, 0, 23),  // r0 = bpf_redirect(r1, r2)
                instruction(0x95, 0),  // return r0
                instruction(0xB7, 0, .max),  // r0 = TCX_NEXT
                instruction(0x95, 0),  // return r0
            ], references: [])
    }

    private static func instruction(
        _ code: UInt8, _ destination: UInt8, from source: UInt8 = 0, offset: UInt16 = 0, _ operand: UInt32 = 0
    ) -> UInt64 {
        UInt64(code) | UInt64(destination) << 8 | UInt64(source) << 12 | UInt64(offset) << 16 | UInt64(operand) << 32
    }
}
