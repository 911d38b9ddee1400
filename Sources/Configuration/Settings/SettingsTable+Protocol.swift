extension SettingsTable {
    /// Details of STUN and TURN.
    static let protocolBehaviour = SettingSection(
        "Protocol", "Details of STUN and TURN. Answers are as small as they can be unless told otherwise here.",
        reload: .live
    ) {
        Setting(
            "stun-only", .flag, sets: \.stunOnly, short: "S", summary: "Answer STUN only; relay for nobody.",
            differs: .set("coturn leaves requests of TURN unanswered; here they get 403."))
        Setting("no-stun", .flag, sets: \.noSTUN, summary: "Relay only; do not answer STUN Binding requests.")
        Setting("secure-stun", .flag, sets: \.secureSTUN, summary: "Ask for credentials in Binding requests too.")
        Setting(
            "stun-backward-compatibility", .flag, sets: \.stunBackwardCompatibility,
            summary: "Answer the STUN of RFC 3489 over UDP too.",
            note: "Never from another address than the one that was asked, nor to another than the one that asks.",
            differs: .set("coturn also adds MAPPED-ADDRESS to all its Binding responses; see add-mapped-address."))
        Setting(
            "no-stun-backward-compatibility", .negation, sets: \.stunBackwardCompatibility,
            summary: "Old way to turn stun-backward-compatibility off.")
        Setting(
            "rfc5780", .flag, sets: \.rfc5780,
            summary: "Help clients to find out how their NAT behaves (RFC 5780).",
            note:
                "Needs two listening-ip of one family, and alt-listening-port on both. Answers may be aimed at another "
                + "port of the client, so they are limited to 10 per second and source.",
            reload: .restart)
        Setting("no-rfc5780", .negation, sets: \.rfc5780, summary: "Old way to turn rfc5780 off.", reload: .restart)
        Setting(
            "fingerprint", .flag, sets: \.fingerprint, short: "f",
            summary: "FINGERPRINT in every message.",
            note: "Without it, answers carry FINGERPRINT when the request did.")
        Setting("software-attribute", .flag, sets: \.softwareAttribute, summary: "Tell the server's name in SOFTWARE.")
        Setting(
            "no-software-attribute", .negation, sets: \.softwareAttribute, aliases: ["prod"],
            summary: "Old way to turn software-attribute off.")
        Setting("include-reason-string", .flag, sets: \.includeReasonString, summary: "Say errors in words too.")
        Setting(
            "add-mapped-address", .flag, sets: \.addMappedAddress,
            summary: "MAPPED-ADDRESS beside XOR-MAPPED-ADDRESS, for old clients.",
            note: "Not in coturn, where stun-backward-compatibility does this among other things.")
        Setting(
            "rfc5766-channel-numbers", .flag, sets: \.rfc5766ChannelNumbers,
            summary: "Take channel numbers up to 0x7FFF, for clients of RFC 5766.")
        Setting(
            "strict-permissions", .flag, sets: \.strictPermissions,
            summary: "A channel does not stand in for an expired permission.",
            note: "Not in coturn. RFC 8656 lets a permission expire while its channel lives; coturn, and this server "
                + "without the option, relay as long as the channel lives.")
        Setting.always("response-origin-only-with-rfc5780", .flag, "RESPONSE-ORIGIN is sent with rfc5780 alone.")
        Setting.always("drop-invalid-packets", .flag, "Packets that are not STUN, TURN or DTLS are dropped.")
        Setting.notBuilt("drop-invalid-packets-log", .flag, "Log dropped packets.")
        Setting.notBuilt("rfc3489-compatibility", .flag, "Behave as RFC 3489 wants.")
        Setting(
            "icmp", .flag, sets: \.icmp,
            summary: "Tell clients of ICMP errors for what they send (RFC 8656 §11.5).",
            note: "Not in coturn. Few clients look at it.", reload: .restart)
        Setting(
            "mobility", .flag, sets: \.mobility,
            summary: "Let clients take their allocation to another address (RFC 8016).", reload: .restart)
        Setting(
            "alternate-server", .alternateServer(.udpAndTCP), adds: \.alternateServers,
            summary: "Server to send clients to that come over UDP or TCP (300); repeat for several.",
            note:
                "Clients are spread over those of their own family that answer a STUN Binding over UDP, which is asked "
                + "every three seconds. While none answers, clients are served here.",
            differs: .set("coturn sends anybody there; here only clients with valid credentials, as RFC 8489 wants."))
        Setting(
            "udp-alternate-server", .alternateServer(.udp), adds: \.alternateServers,
            summary: "The same for clients over UDP alone.")
        Setting(
            "tcp-alternate-server", .alternateServer(.tcp), adds: \.alternateServers,
            summary: "The same for clients over TCP alone.",
            note: "Servers for TCP or TLS are not asked whether they are there.")
        Setting(
            "tls-alternate-server", .alternateServer(.tlsAndDTLS), adds: \.alternateServers,
            summary: "The same for clients over TLS and DTLS.",
            note: "Where the other server's certificate has another name, write it behind a slash.")
    }
}
