import Admin
import Glibc

/// Gives up the rights of root once the sockets are open (`proc-user`, `proc-group`).
enum ProcessRights {
    /// Takes the rights of a user and a group; nil leaves that part as it is. The user's own group is taken when only a
    /// user is named. A process that has no more rights than those, as one that systemd started, keeps them.
    static func drop(toUser user: String?, group: String?) throws(DaemonError) {
        guard user != nil || group != nil else { return }
        let account = try user.map { name throws(DaemonError) in try find(user: name) }
        let gid = try group.map { name throws(DaemonError) in try find(group: name) } ?? account?.gid
        if geteuid() != 0, account?.uid ?? geteuid() == geteuid(), gid ?? getegid() == getegid() { return }
        if let gid {
            if let user, let account {
                guard unsafe initgroups(user, account.gid) == 0 else { throw failure("initgroups", user) }
            } else {
                guard setgroups(0, nil) == 0 else { throw failure("setgroups", group ?? "") }
            }
            guard setgid(gid) == 0 else { throw failure("setgid", group ?? user ?? "") }
        }
        if let account {
            guard setuid(account.uid) == 0 else { throw failure("setuid", user ?? "") }
        }
    }

    /// Who is to own what is made before the rights are given up; nil when nobody gives up any.
    static func socketOwner(user: String?, group: String?) throws(DaemonError) -> SocketOwner? {
        guard geteuid() == 0, user != nil || group != nil else { return nil }
        let account = try user.map { name throws(DaemonError) in try find(user: name) }
        let gid = try group.map { name throws(DaemonError) in try find(group: name) } ?? account?.gid
        return SocketOwner(user: account?.uid ?? geteuid(), group: gid ?? getegid())
    }

    private static func find(user name: String) throws(DaemonError) -> (uid: uid_t, gid: gid_t) {
        guard let entry = unsafe getpwnam(name) else { throw DaemonError(description: "proc-user: no user \(name)") }
        return unsafe (entry.pointee.pw_uid, entry.pointee.pw_gid)
    }

    private static func find(group name: String) throws(DaemonError) -> gid_t {
        guard let entry = unsafe getgrnam(name) else { throw DaemonError(description: "proc-group: no group \(name)") }
        return unsafe entry.pointee.gr_gid
    }

    private static func failure(_ call: String, _ name: String) -> DaemonError {
        DaemonError(
            description: "cannot take the rights of \(name): \(call): \(unsafe String(cString: strerror(errno)))")
    }
}
