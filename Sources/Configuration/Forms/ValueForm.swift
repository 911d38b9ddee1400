/// How the value of a setting is written: what the help calls it, what a good one looks like, how it is read.
package struct ValueForm<Value: Sendable>: Sendable {
    /// What stands for the value in the help, such as `<port>`; empty for flags.
    let placeholder: String
    /// What a good value is, to end the sentence "expected ...".
    let expectation: String
    /// What the name alone means; nil when a value must follow.
    var bare: Value?
    /// Whether the value must never appear in a message.
    var isSecret = false
    /// The value of a text; nil when it is not a good one.
    let read: @Sendable ([UInt8]) -> Value?
    /// The text of a value, for the defaults in the documents; nil when there is nothing to show.
    let show: @Sendable (Value) -> String?

    /// The value of what stands behind the name, where `nil` means that nothing does.
    func value(of text: [UInt8]?) -> Value? {
        guard let text, bare == nil || !text.isEmpty else { return bare }
        return read(text)
    }
}

extension ValueForm {
    /// The same form, in which the name alone is as good as a value.
    func bare(_ value: Value) -> ValueForm {
        var form = self
        form.bare = value
        return form
    }

    /// The same form, for texts that nobody but the server may see.
    var secret: ValueForm {
        var form = self
        form.isSecret = true
        return form
    }
}
