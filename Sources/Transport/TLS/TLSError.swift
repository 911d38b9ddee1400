internal import COpenSSL
import Glibc

/// What OpenSSL refused, and why, in words for the operator.
package struct TLSError: Error, Sendable {
    /// What was to be done, such as `read the private key /etc/key.pem`.
    package let action: String
    /// OpenSSL's reason.
    package let reason: String

    init(_ action: String, reason: String) {
        self.action = action
        self.reason = reason
    }

    /// The failure of the call made just now on this thread. The first error of OpenSSL's queue is the cause; those behind
    /// it are what the cause led to.
    static func last(_ action: String) -> TLSError {
        let code = ERR_get_error()
        ERR_clear_error()
        return TLSError(action, reason: reason(code))
    }

    private static func reason(_ code: UInt) -> String {
        if code == 0 { return "unknown reason" }
        let number = ERR_GET_REASON(code)
        let isSystemError = ERR_GET_LIB(code) == ERR_LIB_SYS
        let text = unsafe isSystemError ? UnsafePointer(strerror(number)) : ERR_reason_error_string(code)
        return unsafe text.map { unsafe String(cString: $0) } ?? "OpenSSL error \(number)"
    }
}

extension TLSError: CustomStringConvertible {
    /// `cannot read the private key /etc/key.pem: bad decrypt`.
    package var description: String { "cannot \(action): \(reason)" }
}
