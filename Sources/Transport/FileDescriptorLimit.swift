import Glibc

/// How many descriptors the process may have open: each relayed transport address takes one.
package enum FileDescriptorLimit {
    /// Raises the limit as far as the system lets an ordinary process, and returns what it is then.
    package static func raise() throws(SystemError) -> Int {
        var limit = rlimit()
        try checked("getrlimit", unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit))
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            try checked("setrlimit", unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit))
        }
        return Int(clamping: limit.rlim_cur)
    }
}
