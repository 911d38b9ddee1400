import Glibc

/// A system call that failed: which one, and with what errno.
package struct SystemError: Error, Sendable {
    /// The name of the call.
    package let call: StaticString
    /// The errno it left.
    package let code: CInt

    /// Joins a call and its errno.
    package init(_ call: StaticString, code: CInt) {
        self.call = call
        self.code = code
    }

    /// The failure of the call made just now on this thread.
    static func last(_ call: StaticString) -> SystemError { SystemError(call, code: errno) }

    /// The address or port is taken (EADDRINUSE).
    package var isAddressInUse: Bool { code == EADDRINUSE }
    /// The address does not belong to this machine (EADDRNOTAVAIL).
    package var isAddressNotAvailable: Bool { code == EADDRNOTAVAIL }
    /// The machine does not speak the address family (EAFNOSUPPORT).
    package var isFamilyNotSupported: Bool { code == EAFNOSUPPORT }
    /// The operation needs a privilege this process lacks (EACCES, EPERM).
    package var isPermissionDenied: Bool { code == EACCES || code == EPERM }
    /// The process or the system has no descriptor left (EMFILE, ENFILE).
    package var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }
}

extension SystemError: CustomStringConvertible {
    /// `bind: Address already in use (errno 98)`.
    package var description: String {
        let text = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "unknown error"
        return "\(call): \(text) (errno \(code))"
    }
}

/// Gives back the result of a system call, or throws what errno says when it is negative.
@discardableResult
func checked(_ call: StaticString, _ result: CInt) throws(SystemError) -> CInt {
    guard result >= 0 else { throw SystemError.last(call) }
    return result
}
