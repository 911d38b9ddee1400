import HTTPTypes
import Hummingbird
import Relay
import TURN

extension Route {
    /// Users, and credentials for them.
    static let accounts = [
        Route(.get, "/api/v1/users") { request in
            .json(UsersBody(users: try AccountAdministration(request.administration).users()))
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
            _ = try request.name("realm", longest: 127)
            let body = try request.body(NewPasswordBody.self)
            return .json(
                try accounts.setPassword(
                    Array(body.password.utf8), of: name, realm: accounts.realm(request.text("realm"))))
        },
        Route(.delete, "/api/v1/users/{name}", query: ["realm"]) { request in
            let accounts = AccountAdministration(request.administration)
            let name = try Names.check(request.parameter("name"), "name")
            _ = try request.name("realm", longest: 127)
            try accounts.removeUser(name, realm: accounts.realm(request.text("realm")))
            var filter = SessionFilter()
            filter.username = name
            return .json(EndedBody(ended: await request.administration.control.end(matching: filter)))
        },
        Route(.post, "/ice-servers", access: .apiKey, takesBody: true) { request in
            let body = try request.body(CredentialWishBody.self)
            let secrets = try AccountAdministration(request.administration).secrets()
            return .json(try CredentialMint(request.administration).mint(body, secrets: secrets))
        },
    ]
}
