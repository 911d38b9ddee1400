import Testing

@testable import Relay

@Suite("Readings of the user database")
struct DatabaseReadingsTests {
    @Test("A reading that an operator's has overtaken brings back no user who was deleted meanwhile")
    func overtaken() {
        var readings = DatabaseReadings()
        let watch = readings.begin()
        let afterDeletion = readings.begin()
        let used = [afterDeletion, watch, readings.begin()].map { readings.use($0) }
        #expect(used == [true, false, true])
    }

    @Test("Readings that end in the order in which they began are all used")
    func ordered() {
        var readings = DatabaseReadings()
        let used = [readings.begin(), readings.begin()].map { readings.use($0) }
        #expect(used == [true, true])
    }
}
