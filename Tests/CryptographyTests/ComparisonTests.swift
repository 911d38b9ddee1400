import Cryptography
import Glibc
import Testing

/// Whether a comparison tells by its duration where two values differ. Durations are not measured here, as no measurement
/// of a few nanoseconds is reliable; what is observed is whether the bytes behind the difference are looked at, at all.
@Suite("Comparison in constant time")
struct ComparisonTests {
    /// Bytes of which the first half lies at the end of one page and the second at the beginning of the next, which nobody
    /// has touched. The kernel gives a page memory when it is first read, and tells which pages have some.
    @safe
    private final class Halves {
        private let pages: UnsafeMutableRawPointer
        private let half: Int
        private static let pageSize = Int(getpagesize())

        enum Failure: Error { case noMemory }

        /// The first half is of these bytes, the second of as many zeros.
        init(_ first: [UInt8]) throws {
            half = first.count
            let mapped = unsafe mmap(
                nil, 2 * Self.pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { throw Failure.noMemory }
            unsafe pages = mapped
            for (offset, byte) in first.enumerated() {
                unsafe pages.storeBytes(of: byte, toByteOffset: Self.pageSize - half + offset, as: UInt8.self)
            }
        }

        deinit { unsafe munmap(pages, 2 * Self.pageSize) }

        var isSecondTouched: Bool {
            var residence: [UInt8] = [0]
            let result = unsafe mincore(pages + Self.pageSize, Self.pageSize, &residence)
            return result == 0 && residence[0] & 1 == 1
        }

        func isSame(_ compare: (Span<UInt8>) -> Bool) -> Bool {
            let start = unsafe (pages + Self.pageSize - half).assumingMemoryBound(to: UInt8.self)
            return compare(unsafe Span(_unsafeStart: UnsafePointer(start), count: 2 * half))
        }
    }

    /// Whether a comparison with `own` of a value that differs from it from one place of its first half on reads the second.
    private func readsOn(_ own: [UInt8], place: Int, _ compare: (Span<UInt8>) -> Bool) throws -> Bool {
        var first = Array(own.prefix(own.count / 2))
        first[place] ^= 1
        let other = try Halves(first)
        #expect(!other.isSecondTouched)
        let isSame = other.isSame(compare)
        #expect(!isSame)
        return other.isSecondTouched
    }

    private static let own = (1...20).map { UInt8($0) }

    @Test("B10, N4: a nonce that is wrong early on is read to its end all the same", arguments: 0..<10)
    func bytes(place: Int) throws {
        #expect(try readsOn(Self.own, place: place) { ConstantTime.equal($0, Self.own.span) })
        #expect(try readsOn(Self.own, place: place) { ConstantTime.equal(Self.own.span, $0) })
    }

    @Test("B10, N4: a message integrity that is wrong early on is read to its end all the same", arguments: 0..<10)
    func tags(place: Int) throws {
        var context = HMAC(.sha1)
        let tag = context.authenticate(Self.own.span, key: Self.own.span)
        #expect(try readsOn(tag.bytes, place: place) { tag.matches($0) })
    }

    @Test("B10: a comparison that stops where the values differ would be found out")
    func earlyExit() throws {
        let stops = try readsOn(Self.own, place: 0) { candidate in
            for index in candidate.indices where candidate[index] != Self.own[index] { return false }
            return true
        }
        #expect(!stops)
    }
}
