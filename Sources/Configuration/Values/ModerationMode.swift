/// When workers let packets wait so that more of them share a turn (`moderation`).
package enum ModerationMode: String, Sendable, CaseIterable {
    /// Never: each packet is served as soon as it comes.
    case off
    /// Under medium load, where it saves processor time; not while there is little to do, and not when there is so much
    /// that packets share turns anyhow.
    case adaptive
}
