/// Pipes that are lent to connections while bytes of theirs wait in one. A connection that moves freely gives its pipe back
/// in the same turn, so that one pipe serves them all; only what slow readers hold costs a pipe each.
package struct PipePool: ~Copyable {
    /// Pipes that are kept when nobody needs them.
    package static var idleLimit: Int { 8 }

    private var idle: [Pipe] = []

    /// A pool without pipes.
    package init() {}

    deinit {
        for pipe in idle { pipe.close() }
    }

    /// Lends an empty pipe.
    package mutating func take() throws(SystemError) -> Pipe {
        if let pipe = idle.popLast() { return pipe }
        return try Pipe()
    }

    /// Takes a pipe back. One that is not empty is closed.
    package mutating func give(_ pipe: Pipe, isEmpty: Bool) {
        guard isEmpty, idle.count < Self.idleLimit else { return pipe.close() }
        idle.append(pipe)
    }
}
