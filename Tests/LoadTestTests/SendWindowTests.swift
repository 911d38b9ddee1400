import Testing

@testable import LoadTest

struct SendWindowTests {
    @Test func holdsBackWhatIsNotAnswered() {
        var window = SendWindow(capacity: 3)
        window.noteSent(3)
        #expect(window.room == 0)
        window.noteArrived()
        #expect(window.room == 1)
    }

    @Test func writesOffWhatDoesNotArrive() {
        var window = SendWindow(capacity: 2)
        window.tick(1)
        window.noteSent(2)
        let patience = SendWindow.patienceNanoseconds
        window.tick(1 + patience)
        #expect(window.room == 0)
        window.tick(1 + 2 * patience - 1)
        #expect(window.room == 0)
        window.tick(1 + 2 * patience)
        #expect(window.room == 2)
    }

    @Test func takesLateArrivalsForNothing() {
        var window = SendWindow(capacity: 1)
        for _ in 0..<5 { window.noteArrived() }
        #expect(window.room == 1)
        window.noteSent(1)
        #expect(window.room == 0)
    }
}
