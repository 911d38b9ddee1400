import Glibc

/// Why the kernel would not do something: what was asked, its errno, and what it said beside.
package struct OffloadError: Error, Sendable, CustomStringConvertible {
    /// What was asked for, in words.
    package let action: String
    /// The errno.
    package let code: CInt
    /// The end of the verifier's log, if it was the verifier that said no.
    package let details: String

    init(_ action: String, code: CInt = errno, details: String = "") {
        self.action = action
        self.code = code
        self.details = details
    }

    /// `cannot load the program: Operation not permitted (errno 1)`.
    package var description: String {
        let text = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "unknown error"
        return "cannot \(action): \(text) (errno \(code))" + (details.isEmpty ? "" : ": \(details)")
    }

    /// The process may not do this (EPERM, EACCES): root or CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON are missing.
    package var isPermissionDenied: Bool { code == EPERM || code == EACCES }
}
