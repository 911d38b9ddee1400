/// A plan under way against a server: set up once, measured as often as wanted, torn down.
package protocol LoadCourse: AnyObject {
    /// Sets up all sessions that are to stand before anything is measured.
    func prepare() throws(LoadError)
    /// Loads the server for the planned time, and measures.
    func measure() throws(LoadError)
    /// Frees all allocations.
    func finish() throws(LoadError)
    /// What was measured last.
    var report: LoadReport { get }
}
