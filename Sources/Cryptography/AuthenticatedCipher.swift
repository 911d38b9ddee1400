internal import COpenSSL

/// Encryption that also shows whether anybody has touched the text (AES in Galois/Counter Mode, RFC 5116 §5). A nonce of 12
/// bytes must never serve twice under one key.
package struct AuthenticatedCipher: Sendable {
    /// Which AES.
    package enum Algorithm: Sendable, CaseIterable {
        case aes128GCM
        case aes256GCM

        /// The length of a key.
        package var keyByteCount: Int { self == .aes128GCM ? 16 : 32 }
        var opensslName: String { self == .aes128GCM ? "AES-128-GCM" : "AES-256-GCM" }
    }

    /// What is added to the text.
    package static let tagByteCount = 16
    /// The length of a nonce.
    package static let nonceByteCount = 12

    private let algorithm: Algorithm
    private let key: [UInt8]

    /// A cipher under a key; nil when the key is not of the algorithm's length.
    package init?(_ algorithm: Algorithm, key: [UInt8]) {
        guard key.count == algorithm.keyByteCount else { return nil }
        self.algorithm = algorithm
        self.key = key
    }

    /// The encrypted text with its tag behind it; nil only for a wrong nonce or where OpenSSL refuses.
    package func seal(_ text: [UInt8], nonce: [UInt8], associated: [UInt8] = []) -> [UInt8]? {
        guard nonce.count == Self.nonceByteCount else { return nil }
        var sealed = [UInt8](repeating: 0, count: text.count + Self.tagByteCount)
        let done = unsafe withContext(nonce, forSealing: true) { context in
            guard unsafe update(context, associated), unsafe update(context, text[...], into: &sealed) else {
                return false
            }
            return unsafe sealed.withUnsafeMutableBytes { sealed in
                var length: CInt = 0
                let tag = unsafe sealed.baseAddress.map { unsafe $0 + text.count }
                return unsafe EVP_CipherFinal_ex(context, tag?.assumingMemoryBound(to: UInt8.self), &length) == 1
                    && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(Self.tagByteCount), tag) == 1
            }
        }
        return done ? sealed : nil
    }

    /// The text of what `seal` made; nil when it, the nonce or the associated bytes are not the same as then.
    package func open(_ sealed: [UInt8], nonce: [UInt8], associated: [UInt8] = []) -> [UInt8]? {
        guard nonce.count == Self.nonceByteCount, sealed.count >= Self.tagByteCount else { return nil }
        let count = sealed.count - Self.tagByteCount
        var text = [UInt8](repeating: 0, count: count)
        var tag = Array(sealed[count...])
        let done = unsafe withContext(nonce, forSealing: false) { context in
            guard unsafe update(context, associated), unsafe update(context, sealed[..<count], into: &text) else {
                return false
            }
            return unsafe tag.withUnsafeMutableBytes { tag in
                var rest: UInt8 = 0
                var length: CInt = 0
                return unsafe EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_SET_TAG, CInt(Self.tagByteCount), tag.baseAddress) == 1
                    && EVP_CipherFinal_ex(context, &rest, &length) == 1
            }
        }
        return done ? text : nil
    }

    private func withContext(_ nonce: [UInt8], forSealing: Bool, _ body: (OpaquePointer) -> Bool) -> Bool {
        guard let context = unsafe EVP_CIPHER_CTX_new() else { return false }
        defer { unsafe EVP_CIPHER_CTX_free(context) }
        let cipher = unsafe EVP_CIPHER_fetch(nil, algorithm.opensslName, nil)
        defer { unsafe EVP_CIPHER_free(cipher) }
        guard unsafe EVP_CipherInit_ex2(context, cipher, key, nonce, forSealing ? 1 : 0, nil) == 1 else { return false }
        return unsafe body(context)
    }

    /// Takes in bytes that are not encrypted.
    private func update(_ context: OpaquePointer, _ associated: [UInt8]) -> Bool {
        guard !associated.isEmpty else { return true }
        var length: CInt = 0
        return unsafe EVP_CipherUpdate(context, nil, &length, associated, CInt(clamping: associated.count)) == 1
    }

    private func update(_ context: OpaquePointer, _ input: ArraySlice<UInt8>, into output: inout [UInt8]) -> Bool {
        guard !input.isEmpty else { return true }
        var length: CInt = 0
        return unsafe input.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe EVP_CipherUpdate(
                    context, output.baseAddress, &length, input.baseAddress, CInt(clamping: input.count)) == 1
            }
        }
    }
}
