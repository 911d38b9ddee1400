/// A course over one kind of links.
final class LinkedCourse<Links: ClientLinks & ~Copyable>: LoadCourse {
    private let server: TargetServer
    private var loop: LoadLoop<Links>

    init(_ loop: consuming LoadLoop<Links>, server: TargetServer) {
        self.loop = loop
        self.server = server
    }

    func prepare() throws(LoadError) { try loop.prepare() }

    func measure() throws(LoadError) { try loop.measure() }

    func finish() throws(LoadError) { try loop.tearDown() }

    var report: LoadReport {
        LoadReport(
            loop.plan, server: server, record: loop.record, cycles: loop.cycles, traffic: loop.traffic.figures,
            refusals: loop.links.refusals + loop.peer.refusals)
    }
}
