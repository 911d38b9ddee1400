import Glibc

/// What standard output leads to.
enum Terminal {
    /// Its size in characters; nil where it is no terminal.
    static var size: (columns: Int, rows: Int)? {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes at once, though it be a pipe.
    static func write(_ text: String) {
        print(text, terminator: "")
        fflush(nil)
    }
}
