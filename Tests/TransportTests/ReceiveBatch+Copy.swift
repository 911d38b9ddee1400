import Transport

extension ReceiveBatch {
    /// What was received into a buffer, as an array to compare with.
    func copy(_ index: Int) -> [UInt8] {
        let bytes = bytes(index)
        return bytes.indices.map { bytes[$0] }
    }

    /// Some bytes of a buffer, copied.
    func copy(_ index: Int, _ range: Range<Int>) -> [UInt8] {
        let span = bytes(index, range)
        return span.indices.map { span[$0] }
    }
}
