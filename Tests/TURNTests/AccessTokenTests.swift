import Accounts
import Addressing
import Cryptography
import STUN
import TURN
import TestBench
import Testing
import Timing

@Suite("Third-party authorization")
struct AccessTokenTests {
    static let serverName = Array("blackdow.carleon.gov".utf8)
    static let keyName = Array("north".utf8)
    static let longTermKey = Array("HGkj32KJGiuy098sdfaqbNjOiaz71923".utf8)
    /// The key, time and lifetime of vector T.
    static let macKey = Array("ZksjpweoixXmvn67534m".utf8)
    static let issued: Int64 = 1_410_984_813

    /// A bench whose clock shows so many seconds after the token of the vector was made.
    func bench(after seconds: Int64 = 0, _ configure: (inout EngineSettings) -> Void = { _ in }) -> Bench {
        let bench = Bench { settings in
            settings.thirdPartyAuthorization = ThirdPartyAuthorization(
                serverName: Self.serverName,
                keys: [ThirdPartyAuthorization.Key(name: Self.keyName, bytes: Self.longTermKey)])
            configure(&settings)
        }
        bench.stepWallClock(seconds: Self.issued + seconds - bench.now.unixSeconds)
        return bench
    }

    /// A token as an authorization server makes it.
    func token(
        _ macKey: [UInt8] = macKey, at issued: Int64 = issued, lifetime: UInt32 = 3600, key: [UInt8] = longTermKey,
        serverName: [UInt8] = serverName,
        nonce: [UInt8] = [0x87, 0x88, 0xF7, 0x93, 0x69, 0x76, 0x9F, 0x86, 0xF9, 0, 0, 0]
    ) throws -> [UInt8] {
        var text = [0, UInt8(macKey.count)] + macKey
        for shift in stride(from: 56, through: 0, by: -8) {
            text.append(UInt8(truncatingIfNeeded: (issued << 16) >> Int64(shift)))
        }
        for shift in stride(from: 24, through: 0, by: -8) {
            text.append(UInt8(truncatingIfNeeded: lifetime >> UInt32(shift)))
        }
        let algorithm: AuthenticatedCipher.Algorithm = key.count == 16 ? .aes128GCM : .aes256GCM
        let cipher = try #require(AuthenticatedCipher(algorithm, key: key))
        return [0, 12] + nonce + (try #require(cipher.seal(text, nonce: nonce, associated: serverName)))
    }

    /// A client that has been to the authorization server.
    func client(_ bench: Bench, at address: String = "90.0.0.1:5000", key: [UInt8] = macKey) -> TestClient {
        let client = bench.client(at: address)
        client.username = Self.keyName
        client.key = key
        return client
    }

    func allocate(_ client: TestClient, _ token: [UInt8], lifetime: UInt32 = 600) throws -> Reply {
        try client.allocate { writer in
            writer.add(.accessToken, token)
            writer.add(.lifetime, lifetime)
        }
    }

    @Test("P01: challenges name the server beside realm and nonce")
    func challenge() throws {
        let alice = bench().client()
        let reply = try alice.answer(to: alice.bare(.allocate))
        #expect(reply.types == [.errorCode, .realm, .nonce, .thirdPartyAuthorization])
        #expect(reply.value(.thirdPartyAuthorization) == Self.serverName)
        let plain = Bench().client()
        #expect(try !plain.answer(to: plain.bare(.allocate)).types.contains(.thirdPartyAuthorization))
    }

    @Test("P01, P03, T: the token of the vector opens an allocation, and its key makes the integrity")
    func vector() throws {
        let bytes: [UInt8] = [
            0x00, 0x0C, 0x87, 0x88, 0xF7, 0x93, 0x69, 0x76, 0x9F, 0x86, 0xF9, 0x00, 0x00, 0x00, 0xF1, 0x92, 0x6F, 0x77,
            0x4B, 0x35, 0x2B, 0x2C, 0x0D, 0x83, 0xB2, 0xE1, 0x7C, 0xD2, 0x68, 0xA5, 0x5A, 0x4E, 0x2C, 0x14, 0xAC, 0x31,
            0x8B, 0xFD, 0xEB, 0x30, 0x31, 0x44, 0x98, 0xB4, 0x07, 0x4F, 0x77, 0xCF, 0xE3, 0x1D, 0x79, 0x30, 0xCE, 0x84,
            0xA3, 0x0A, 0xC6, 0xE5, 0xD8, 0xAF, 0x9B, 0xB7, 0x6F, 0x63,
        ]
        #expect(try token() == bytes)
        let alice = client(bench())
        let reply = try allocate(alice, bytes)
        #expect(reply.isSuccess)
        #expect(reply.hasIntegrity(under: Self.macKey))
        #expect(try alice.permit("5.6.7.8:1").isSuccess)
        #expect(try alice.refresh(lifetime: 0).isSuccess)
    }

    @Test("P01: keys of 16 bytes are for A128GCM")
    func shortKey() throws {
        let key = [UInt8](repeating: 9, count: 16)
        let bench = bench {
            $0.thirdPartyAuthorization = ThirdPartyAuthorization(
                serverName: Self.serverName, keys: [ThirdPartyAuthorization.Key(name: Self.keyName, bytes: key)])
        }
        #expect(try allocate(client(bench), token(key: key)).isSuccess)
    }

    @Test("P02: any other byte, key, key name or server name gets 401")
    func forged() throws {
        let bench = bench()
        let alice = client(bench)
        let good = try token()
        for index in good.indices {
            var bad = good
            bad[index] ^= 1
            #expect(try allocate(alice, bad).error == 401)
        }
        #expect(try allocate(alice, token(key: [UInt8](repeating: 1, count: 32))).error == 401)
        #expect(try allocate(alice, token(serverName: [1])).error == 401)
        alice.username = Array("south".utf8)
        #expect(try allocate(alice, good).error == 401)
        alice.username = Self.keyName
        alice.key = [1]
        #expect(try allocate(alice, good).error == 401)
        #expect(bench.isEmpty)
    }

    @Test("P02, CVE-2026-43994: lengths that do not fit get 401: of the token, of its nonce, of the key inside")
    func lengths() throws {
        let alice = client(bench())
        let good = try token()
        for count in 0..<good.count { #expect(try allocate(alice, Array(good[..<count])).error == 401) }
        for length: [UInt8] in [[0, 0], [0, 11], [0, 13], [0, 64], [0, 65], [0xFF, 0xFF]] {
            #expect(try allocate(alice, length + good[2...]).error == 401)
        }
        #expect(try allocate(alice, token([])).error == 401)
    }

    @Test(
        "P02: a token is good until its lifetime and five seconds are over",
        arguments: [
            (-3606, false), (0, true), (3599, true), (3604, true), (3605, false), (100_000, false),
        ] as [(Int64, Bool)])
    func validity(seconds: Int64, isGood: Bool) throws {
        let reply = try allocate(client(bench(after: seconds)), token())
        #expect(reply.isSuccess == isGood)
        #expect(isGood || reply.error == 401)
    }

    @Test("P03: an allocation does not outlive the token")
    func lifetime() throws {
        let bench = bench(after: 3500)
        let alice = client(bench)
        #expect(try allocate(alice, token(), lifetime: 3600).lifetime == 100)
        bench.advance(seconds: 50)
        #expect(try alice.refresh(lifetime: 3600).lifetime == 50)
        bench.advance(seconds: 51)
        #expect(bench.isEmpty)
    }

    @Test("P03: past the token a Refresh needs a new one, whose key counts from then on")
    func renewed() throws {
        let bench = bench(after: 3500)
        let alice = client(bench)
        #expect(try allocate(alice, token()).lifetime == 100)
        bench.stepWallClock(seconds: 101)
        #expect(try alice.refresh().error == 401)
        alice.key = Array("another key of twenty".utf8)
        let newToken = try token(alice.key, at: Self.issued + 3600)
        let reply = try alice.request(.refresh) { $0.add(.accessToken, newToken) }
        #expect(reply.lifetime == 600)
        #expect(reply.hasIntegrity(under: alice.key))
        #expect(try alice.permit("5.6.7.8:1").isSuccess)
        alice.key = Self.macKey
        #expect(try alice.permit("5.6.7.8:1").error == 401)
    }

    @Test("P03: users with tokens have a quota each, though they share a name")
    func quota() throws {
        let limits = RelayResources.Limits(userQuota: 1)
        let bench = Bench(limits: limits) { settings in
            settings.thirdPartyAuthorization = ThirdPartyAuthorization(
                serverName: Self.serverName,
                keys: [ThirdPartyAuthorization.Key(name: Self.keyName, bytes: Self.longTermKey)])
        }
        bench.stepWallClock(seconds: Self.issued - bench.now.unixSeconds)
        let otherKey = [UInt8](repeating: 7, count: 20)
        #expect(try allocate(client(bench, at: "90.0.0.1:1"), token()).isSuccess)
        #expect(try allocate(client(bench, at: "90.0.0.1:2"), token()).error == 486)
        #expect(try allocate(client(bench, at: "90.0.0.1:3", key: otherKey), token(otherKey)).isSuccess)
    }

    @Test("N9, O02: a mobility ticket is of no use to another user of the same key name")
    func stolenTicket() throws {
        let bench = bench { $0.mobilityKey = [UInt8](repeating: 5, count: 32) }
        let alice = client(bench)
        let bytes = try token()
        let reply = try alice.allocate { writer in
            writer.add(.accessToken, bytes)
            writer.add(.mobilityTicket, [])
        }
        let ticket = try #require(reply.value(.mobilityTicket))
        let otherKey = [UInt8](repeating: 7, count: 20)
        let otherToken = try token(otherKey)
        for (key, token, error) in [(otherKey, otherToken, 441), (Self.macKey, bytes, nil)]
            as [([UInt8], [UInt8], UInt16?)]
        {
            let moved = client(bench, at: "91.0.0.1:6000", key: key)
            let reply = try moved.request(.refresh) { writer in
                writer.add(.accessToken, token)
                writer.add(.mobilityTicket, ticket)
            }
            #expect(reply.error == error)
        }
    }

    @Test("P01: users with passwords are served beside")
    func beside() throws {
        let bench = bench()
        #expect(try bench.client().allocate().isSuccess)
    }

    @Test("P01: without the switch a token opens nothing, and gets 420 from whoever may know")
    func unexpected() throws {
        #expect(try allocate(client(Bench()), token()).error == 401)
        let reply = try allocate(Bench().client(), token())
        #expect(reply.error == 420)
        #expect(reply.value(.unknownAttributes) == [0x00, 0x1B])
    }
}
