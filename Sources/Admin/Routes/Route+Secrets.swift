import Cryptography
import HTTPTypes
import Hummingbird
import Timing
import Transport

extension Route {
    /// The secrets of the TURN REST API.
    static let secrets = [
        Route(.get, "/api/v1/secrets", query: ["realm"]) { request in
            let accounts = AccountAdministration(request.administration)
            let secrets = try accounts.secrets(of: request.chosenRealm(accounts))
            return .json(SecretsBody(secrets: secrets.map(\.body)))
        },
        Route(.post, "/api/v1/secrets", takesBody: true) { request in
            let accounts = AccountAdministration(request.administration)
            let body = try request.body(NewSecretBody.self)
            let value = body.value ?? RandomText.secret()
            let realm = try accounts.realm(body.realm)
            let source = try accounts.addSecret(Array(value.utf8), realm: realm)
            return .json(
                SecretBody(id: SecretID.of(value.utf8), realm: Names.text(realm), source: source, value: value),
                status: .created)
        },
        Route(.delete, "/api/v1/secrets/{id}", query: ["realm"]) { request in
            let accounts = AccountAdministration(request.administration)
            try accounts.remove(try accounts.secret(request.parameter("id"), of: request.chosenRealm(accounts)))
            return Response(status: .noContent)
        },
        Route(.post, "/api/v1/secrets/{id}/rotate", query: ["realm"], takesBody: true) { request in
            let accounts = AccountAdministration(request.administration)
            let secret = try accounts.secret(request.parameter("id"), of: request.chosenRealm(accounts))
            let overlap = try request.body(RotationBody.self).overlapSeconds ?? 86_400
            let value = RandomText.secret()
            try accounts.rotate(secret, to: Array(value.utf8), expiry: SystemClock.moment().unixSeconds + overlap)
            return .json(
                SecretBody(
                    id: SecretID.of(value.utf8), realm: Names.text(secret.realm), source: secret.source, value: value),
                status: .created)
        },
    ]
}

/// How a secret is named without being told.
enum SecretID {
    /// The beginning of the secret's hash, in hexadecimal. It would take 2^64 guesses to learn from it about a random
    /// secret, which has more.
    static func of(_ value: some Sequence<UInt8>) -> String {
        Hexadecimal.text((HashAlgorithm.sha256.hash(Array(value)) ?? []).prefix(8))
    }
}

extension AccountAdministration.KnownSecret {
    fileprivate var body: SecretBody {
        SecretBody(id: SecretID.of(value), realm: Names.text(realm), source: source, expiresAt: expiry)
    }
}

extension AccountAdministration {
    fileprivate func secret(_ id: String, of realm: [UInt8]) throws(Problem) -> KnownSecret {
        guard let secret = try secrets(of: realm).first(where: { SecretID.of($0.value) == id }) else {
            throw .missing("there is no secret \(id)")
        }
        return secret
    }
}
