import Database
import Logging
import Timing
import Transport

/// Looks at the user database about once a second, on a thread of its own, and publishes what it holds when that has
/// changed. So no login ever waits for a disk or for a program that has locked the file.
///
/// The whole tables are published, as one value that all workers share. A look-up for each login would have to park the
/// request that asks and come back to it, and strangers could make it wait; instead a hundred thousand users take 45 MB
/// (65 MB while they are read anew, in 0.2 s), and the engine asks nobody.
struct DatabaseWatch: ~Copyable {
    private static var intervalMilliseconds: Int { 1000 }
    /// How long logins go on by what was read last, when the database cannot be read any more.
    private static var toleratedOutageSeconds: UInt32 { 3600 }

    private let path: String
    private let stop: Mailbox<Void>
    private let logger: Logger
    private let begin: @Sendable () -> UInt64
    private let publish: @Sendable (DatabaseSnapshot, UInt64) -> Void
    private var database: UserDatabase?
    private var version: Int64?
    /// The last second at which all secrets that were read are good; nil where each stays.
    private var firstSecretEnd: Int64?
    /// When what was read last stops being good; nil while the database can be read.
    private var outageEnd: Instant?

    /// A watch over the file at `path` that ends when something is posted to `stop`. `begin` numbers each reading, and
    /// `publish` is told the number with what was read.
    init(
        _ path: String, stop: Mailbox<Void>, logger: Logger, begin: @escaping @Sendable () -> UInt64,
        publish: @escaping @Sendable (DatabaseSnapshot, UInt64) -> Void
    ) {
        self.path = path
        self.stop = stop
        self.logger = logger
        self.begin = begin
        self.publish = publish
    }

    /// Looks until told to stop.
    mutating func run() throws(SystemError) {
        var epoll = try Epoll(capacity: 1)
        try epoll.add(stop.descriptor, .read, token: EventToken(kind: 0))
        repeat {
            look()
        } while try epoll.wait(timeoutMilliseconds: Self.intervalMilliseconds) == 0
    }

    private mutating func look() {
        do throws(DatabaseError) {
            let reading = begin()
            if let snapshot = try news() { publish(snapshot, reading) }
            guard outageEnd != nil else { return }
            outageEnd = nil
            logger.notice("user database can be read again", metadata: ["file": "\(path)"])
        } catch {
            database = nil
            endure(error)
        }
    }

    /// What the tables hold, if they have changed since the last time.
    private mutating func news() throws(DatabaseError) -> DatabaseSnapshot? {
        if database?.isReplaced ?? true {
            database = try UserDatabase(reading: path)
            version = nil
        }
        let now = SystemClock.moment().unixSeconds
        let isSecretOver = now > firstSecretEnd ?? .max
        guard let current = try database?.version(), current != version || isSecretOver else { return nil }
        let snapshot = try database?.snapshot(unixSeconds: now)
        (version, firstSecretEnd) = (current, snapshot?.firstSecretEnd)
        if snapshot?.leavesOutSecrets == true { deleteEndedSecrets(unixSeconds: now) }
        return snapshot
    }

    /// Has the file forget secrets that nobody takes here any more, so that coturn, which knows no end, follows.
    private func deleteEndedSecrets(unixSeconds: Int64) {
        do throws(DatabaseError) {
            let count = try UserDatabase(writing: path).deleteEndedSecrets(unixSeconds: unixSeconds)
            logger.info("secrets ended", metadata: ["count": "\(count)"])
        } catch {
            logger.warning("secrets ended, and cannot be deleted", metadata: ["error": "\(error)"])
        }
    }

    private mutating func endure(_ error: DatabaseError) {
        let now = SystemClock.instant()
        guard let end = outageEnd else {
            outageEnd = now.adding(seconds: Self.toleratedOutageSeconds)
            return logger.error(
                "user database cannot be read, logins go on by what was read last",
                metadata: ["error": "\(error)", "seconds": "\(Self.toleratedOutageSeconds)"])
        }
        guard end <= now, end != .distantPast else { return }
        outageEnd = .distantPast
        logger.critical(
            "user database cannot be read for too long, nobody in it can log in", metadata: ["error": "\(error)"])
        publish(DatabaseSnapshot(), begin())
    }
}
