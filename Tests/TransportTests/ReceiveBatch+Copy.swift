import Transport

extension ReceiveBatch {
    /// What was received into a buffer, as an array to compare with.
    func copy(_ index: Int) -> [UInt8] {
        let bytes = bytes(index)
        return bytes.indices.map { bytes[$0] }
    }
}
