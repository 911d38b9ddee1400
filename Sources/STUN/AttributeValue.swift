/// What reading an attribute came to. Absent and malformed are different answers to a client, so they are kept apart.
package enum AttributeValue<Value: Sendable>: Sendable {
    /// The message does not carry the attribute.
    case absent
    /// The attribute is there, but its value breaks its format.
    case malformed
    /// The value.
    case value(Value)
}

extension AttributeValue: Equatable where Value: Equatable {}
