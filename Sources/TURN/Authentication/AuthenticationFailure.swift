/// Why credentials do not fit, as far as the server tells its operator. Unknown names and wrong passwords are not told
/// apart: to find out would take longer for one than for the other.
package enum AuthenticationFailure: String, Sendable, CaseIterable {
    /// No such user, or a password or secret that does not fit.
    case credentials
    /// The time in the user name is over.
    case expired
    /// A realm other than the one the client was told.
    case realm
    /// The operator has revoked the user name.
    case revoked
}
