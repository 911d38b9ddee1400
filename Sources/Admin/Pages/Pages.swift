/// The web pages and what only they need. None yet.
enum Pages {
    /// Their operations.
    static let routes: [Route] = []
}
