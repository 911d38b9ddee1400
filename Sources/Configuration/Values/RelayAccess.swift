/// Who may relay, as follows from the credentials in the configuration.
package enum RelayAccess: Sendable {
    /// Clients with valid credentials.
    case credentials
    /// Anybody: `no-auth` was asked for.
    case open
    /// Nobody: no credentials are configured, or `stun-only` is set. The server answers STUN.
    case nobody
}
