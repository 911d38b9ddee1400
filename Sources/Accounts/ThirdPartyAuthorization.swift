internal import Cryptography

/// The authorization servers whose tokens are taken (RFC 7635).
package struct ThirdPartyAuthorization: Sendable {
    /// A key that is shared with an authorization server.
    package struct Key: Sendable {
        let name: [UInt8]
        let bytes: [UInt8]
        let expiry: Int64

        /// Joins the name, which clients give in USERNAME, the key: 16 bytes for A128GCM, 32 for A256GCM, and the last
        /// second, since 1970-01-01 UTC, at which it is good.
        package init(name: [UInt8], bytes: [UInt8], expiry: Int64 = .max) {
            self.name = name
            self.bytes = bytes
            self.expiry = expiry
        }
    }

    /// What THIRD-PARTY-AUTHORIZATION carries, and tokens are sealed with.
    package let serverName: [UInt8]
    private let ciphers: [[UInt8]: (cipher: AuthenticatedCipher, expiry: Int64)]

    /// A server of this name that shares these keys. Keys of any other length open nothing.
    package init(serverName: [UInt8], keys: [Key]) {
        self.serverName = serverName
        var ciphers: [[UInt8]: (cipher: AuthenticatedCipher, expiry: Int64)] = [:]
        for key in keys {
            for algorithm in AuthenticatedCipher.Algorithm.allCases {
                guard let cipher = AuthenticatedCipher(algorithm, key: key.bytes) else { continue }
                ciphers[key.name] = (cipher, key.expiry)
            }
        }
        self.ciphers = ciphers
    }

    /// The token in ACCESS-TOKEN; nil when the key of that name did not make it for this server, or its time is over.
    package func token(_ bytes: [UInt8], keyName: [UInt8], unixSeconds: Int64) -> AccessToken? {
        guard let key = ciphers[keyName], unixSeconds <= key.expiry,
            let token = AccessToken(bytes, cipher: key.cipher, serverName: serverName), token.isValid(at: unixSeconds)
        else { return nil }
        return token
    }
}
