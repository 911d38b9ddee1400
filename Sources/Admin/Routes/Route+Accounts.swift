import HTTPTypes
import Hummingbird
import Relay
import TURN

extension Route {
    /// Users, and credentials for them.
    static let accounts = [
        Route(.get, "/api/v1/users", query: ["realm"]) { request in
            let accounts = AccountAdministration(request.administration)
            return .json(UsersBody(users: try accounts.users(of: request.chosenRealm(accounts))))
        },
        Route(.post, "/api/v1/users", takesBody: true) { request in
            let accounts = AccountAdministration(request.administration)
            let body = try request.body(NewUserBody.self)
            let user = try accounts.addUser(
                Array(body.name.utf8), password: Array(body.password.utf8), realm: accounts.realm(body.realm))
            return .json(user, status: .created)
        },
        Route(.put, "/api/v1/users/{name}", query: ["realm"], takesBody: true) { request in
            let accounts = AccountAdministration(request.administration)
            let name = try Names.check(request.parameter("name"), "name")
            let realm = try request.chosenRealm(accounts)
            let body = try request.body(NewPasswordBody.self)
            return .json(try accounts.setPassword(Array(body.password.utf8), of: name, realm: realm))
        },
        Route(.delete, "/api/v1/users/{name}", query: ["realm"]) { request in
            let accounts = AccountAdministration(request.administration)
            let name = try Names.check(request.parameter("name"), "name")
            let realm = try request.chosenRealm(accounts)
            try accounts.removeUser(name, realm: realm)
            var filter = SessionFilter()
            (filter.username, filter.realm) = (name, realm)
            return .json(EndedBody(ended: await request.administration.control.end(matching: filter)))
        },
        Route(.post, "/ice-servers", access: .apiKey, takesBody: true) { request in
            let body = try request.body(CredentialWishBody.self)
            let accounts = AccountAdministration(request.administration)
            let secrets = try accounts.secrets(of: accounts.realm(nil))
            return .json(try CredentialMint(request.administration).mint(body, secrets: secrets))
        },
    ]
}

extension AdminRequest {
    /// The realm that the query names, or the server's own.
    func chosenRealm(_ accounts: AccountAdministration) throws(Problem) -> [UInt8] {
        _ = try name("realm", longest: 127)
        return try accounts.realm(text("realm"))
    }
}
