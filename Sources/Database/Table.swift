/// coturn's tables, each as coturn makes it, and one of our own that coturn does not look at.
enum Table: String, CaseIterable {
    case users = "turnusers_lt"
    case secrets = "turn_secret"
    case allowedPeers = "allowed_peer_ip"
    case deniedPeers = "denied_peer_ip"
    case origins = "turn_origin_to_realm"
    case realmOptions = "turn_realm_option"
    case tokenKeys = "oauth_key"
    case administrators = "admin_user"
    case secretEnds = "culvert_secret_end"

    /// The statement that makes the table where it is missing.
    var creation: String { "CREATE TABLE IF NOT EXISTS \(rawValue) (\(columns))" }

    private var columns: String {
        switch self {
        case .users: "realm varchar(127) default '', name varchar(512), hmackey char(128), PRIMARY KEY (realm,name)"
        case .secrets: "realm varchar(127) default '', value varchar(256), primary key (realm,value)"
        case .allowedPeers, .deniedPeers:
            "realm varchar(127) default '', ip_range varchar(256), primary key (realm,ip_range)"
        case .origins: "origin varchar(127),realm varchar(127),primary key (origin)"
        case .realmOptions:
            "realm varchar(127) default '', opt varchar(32), value varchar(128), primary key (realm,opt)"
        case .tokenKeys:
            "kid varchar(128),ikm_key varchar(256),timestamp bigint default 0,lifetime integer default 0,"
                + "as_rs_alg varchar(64) default '',realm varchar(127) default '',primary key (kid)"
        case .administrators: "name varchar(32), realm varchar(127), password varchar(127), primary key (name)"
        case .secretEnds: "realm varchar(127), value varchar(256), end_at bigint, primary key (realm,value)"
        }
    }
}
