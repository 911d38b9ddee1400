package import Glibc

/// The user and the group that the socket of the admin interface is to belong to, where those are not the process's own.
package struct SocketOwner: Sendable {
    let user: uid_t
    let group: gid_t

    /// Joins the two.
    package init(user: uid_t, group: gid_t) {
        self.user = user
        self.group = group
    }
}
