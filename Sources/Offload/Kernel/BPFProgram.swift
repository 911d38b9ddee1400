import COffload
import Glibc

/// A program that the kernel has verified. It lives as long as its descriptor or a hook that runs it.
final class BPFProgram: Sendable {
    let descriptor: CInt

    /// Hands a program over to the verifier.
    ///
    /// - Parameters:
    ///   - kind: XDP, or a classifier for tcx.
    ///   - maps: what the program's references stand for.
    init(_ program: RelayProgram, kind: bpf_prog_type, maps: RelayMaps) throws(OffloadError) {
        var words = program.words
        for reference in program.references where words.indices.contains(reference.instruction) {
            words[reference.instruction] = Self.loadMap(maps[reference.map], into: words[reference.instruction])
        }
        var log = [CChar](repeating: 0, count: 64 * 1024)
        descriptor = try Self.load(words, kind, log: &log)
    }

    deinit {
        close(descriptor)
    }

    /// The first word of a 64-bit load: source register 1 says that the operand is the descriptor of a map.
    private static func loadMap(_ map: BPFMap, into word: UInt64) -> UInt64 {
        let instruction = word & 0x0000_0000_FFFF_0FFF
        return instruction | UInt64(BPF_PSEUDO_MAP_FD) << 12 | UInt64(UInt32(bitPattern: map.descriptor)) << 32
    }

    /// The helper that asks for a route is for programs under the GPL; bpf/relay.c may be used under it.
    private static func load(_ words: [UInt64], _ kind: bpf_prog_type, log: inout [CChar]) throws(OffloadError) -> CInt
    {
        var attributes = bpf_attr()
        attributes.prog_type = UInt32(kind.rawValue)
        attributes.insn_cnt = UInt32(clamping: words.count)
        var failure: OffloadError?
        let descriptor = unsafe words.withUnsafeBytes { words in
            unsafe log.withUnsafeMutableBytes { log in
                unsafe "GPL".withCString { license in
                    unsafe attributes.insns = words.baseAddress.map { unsafe BPF.address($0) } ?? 0
                    unsafe attributes.license = BPF.address(license)
                    do throws(OffloadError) {
                        return try BPF.call(BPF_PROG_LOAD, &attributes, to: "load the program")
                    } catch {
                        failure = error
                    }
                    // Once more, and let the verifier say why: its log costs time that success need not spend.
                    unsafe attributes.log_buf = log.baseAddress.map { unsafe BPF.address($0) } ?? 0
                    attributes.log_size = UInt32(log.count)
                    attributes.log_level = 1
                    return (try? BPF.call(BPF_PROG_LOAD, &attributes, to: "load the program")) ?? -1
                }
            }
        }
        guard descriptor < 0, let failure else { return descriptor }
        let said = unsafe log.withUnsafeBufferPointer { unsafe $0.baseAddress.map { unsafe String(cString: $0) } } ?? ""
        let last = said.split(separator: "\n").suffix(3).joined(separator: "; ")
        throw OffloadError("load the program", code: failure.code, details: last)
    }
}
