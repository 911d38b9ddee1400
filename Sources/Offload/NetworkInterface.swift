import Glibc

/// A network interface as the kernel numbers it.
package struct NetworkInterface: Hashable, Sendable {
    /// Its index, from 1; `lo` has 1 in every network namespace.
    package let index: UInt32
    /// `eth0`.
    package let name: String

    /// Joins an index and a name.
    package init(index: UInt32, name: String) {
        self.index = index
        self.name = name
    }

    /// The interface of a name; nil when there is none.
    package init?(name: String) {
        let index = unsafe if_nametoindex(name)
        guard index > 0 else { return nil }
        self.init(index: index, name: name)
    }
}
