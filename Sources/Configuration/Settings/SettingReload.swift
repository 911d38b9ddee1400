/// What becomes of a setting that is written otherwise when the server reads its configuration again.
package enum SettingReload: Sendable {
    /// It takes effect at once.
    case live
    /// It takes effect at once, but for a change from nothing to something or back, which waits for a restart.
    case liveWhileSet
    /// It waits for a restart.
    case restart
}
