extension SettingsTable {
    /// Who may relay.
    static let authentication = SettingSection(
        "Authentication",
        "Who may relay. Without users, secrets, userdb or no-auth the server answers STUN and relays for nobody.",
        reload: .live
    ) {
        Setting(
            "realm", .realm, sets: \.realm, short: "r",
            summary: "Realm of the credentials; often the domain. Required with them.",
            differs: .unset("coturn takes the domain of the host; here credentials need a realm that is written down."))
        Setting(
            "user", .user, adds: \.users, short: "u",
            summary: "Account; repeat for several.",
            note:
                "The password may be the key instead: 0x and 32 hexadecimal digits, as turnadmin -k prints it, or the 64 "
                + "of a SHA-256 key, which is of use with password-algorithms alone. Prefer the file to the command line, where every user of the machine can read it."
        )
        Setting(
            "lt-cred-mech", .flag, sets: \.longTermCredentials, short: "a",
            summary: "Use long-term credentials. Follows from users and secrets.")
        Setting(
            "use-auth-secret", .flag, sets: \.useAuthSecret,
            summary: "Use time-limited credentials (TURN REST API). Follows from secrets.",
            note: "The user name is the time of expiry, a colon and any text; the password is the Base64 of the "
                + "HMAC-SHA1 of the user name under the secret.",
            differs: .set(
                "coturn then ignores every user= line; here both kinds of credentials work at the same time."))
        Setting(
            "static-auth-secret", .sharedSecret, adds: \.staticAuthSecrets,
            summary: "Secret shared with the web application; repeat to change it.",
            note: "Each secret is tried in turn, so a new one can be added before the old one goes.",
            differs: .set("A secret shorter than 16 bytes is refused."))
        Setting(
            "rest-api-separator", .character, sets: \.restSeparator, short: "C",
            summary: "Character between the expiry and the rest of a REST user name.")
        Setting(
            "no-auth", .flag, sets: \.noAuth, short: "z",
            summary: "Let anybody relay. An open relay will be abused.",
            differs: .unset("coturn is an open relay when no credentials are configured; here it must be asked for."),
            reload: .restart)
        Setting(
            "stale-nonce", .seconds(atLeast: 0).bare(600), sets: \.nonceLifetimeSeconds,
            summary: "Lifetime of a nonce; 0 for ever.")
        Setting(
            "stateless-nonce-secret", .sharedSecret, sets: \.statelessNonceSecret,
            default: "random at each start",
            summary: "Key of the nonces, when several servers share one name.")
        Setting(
            "password-algorithms", .flag, sets: \.passwordAlgorithms,
            summary: "Let clients choose SHA-256 instead of MD5 for their keys (RFC 8489).",
            note: "Not in coturn. Challenges grow by 12 bytes; browsers do not make use of it.")
        Setting(
            "require-sha256", .flag, sets: \.requireSHA256,
            summary: "Turn clients away that do not use SHA-256 keys. Browsers are among them.", note: "Not in coturn.")
        Setting(
            "userhash", .flag, sets: \.userhash,
            summary: "Let clients hide the user name behind a hash (RFC 8489).",
            note: "Not in coturn. Without effect beside static-auth-secret, whose users cannot be listed.")
        Setting.always("stateless-nonce", .flag, "Nonces are always stateless.")
        Setting(
            "oauth", .flag, sets: \.oauth,
            summary: "Take tokens of an authorization server (RFC 7635).",
            note: "Needs server-name and oauth-key. Users and secrets are good as ever.")
        Setting(
            "server-name", .text("<name>"), sets: \.serverName, summary: "Name of this server in OAuth tokens.",
            differs: .set("coturn takes the realm when there is none."))
        Setting(
            "oauth-key", .namedKey, adds: \.oauthKeys,
            summary: "Key shared with an authorization server; repeat for several.",
            note:
                "Not in coturn, which keeps them in its database. The name is what clients give as user name; 16 bytes are "
                + "a key for A128GCM, 32 for A256GCM.")
        Setting(
            "check-origin-consistency", .flag, sets: \.checkOriginConsistency,
            summary: "Refuse requests whose ORIGIN is not that of their session's Allocate (441).",
            note: "Sessions that began while it was off are left alone.")
        Setting.noEffect("secret-ts-exp-time", .text("<seconds>"), "The expiry stands in the REST user name.")
        Setting.noEffect("st-cred-mech", .flag, "Short-term credentials are not for TURN.")
        Setting.noEffect("sha256", .flag, "coturn took this out; see password-algorithms.")
    }
}
