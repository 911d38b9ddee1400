extension SettingsTable {
    /// Where users and secrets come from, beside the file.
    static let databases = SettingSection(
        "Databases",
        "Users, secrets, realms and rules about peers from elsewhere than this file. Docs/user-database.md tells more.",
        reload: .live
    ) {
        Setting(
            "userdb", .path, sets: \.userDatabase, short: "b", aliases: ["db"],
            summary: "SQLite file with users and secrets, in coturn's tables.",
            note: "What is changed in it holds a second later. Users and secrets of this file are good as well.",
            differs: .unset("coturn opens a database in /var/lib or /var/db; here it must be asked for."))
        Setting(
            "no-dynamic-ip-list", .flag, sets: \.ignoresDatabasePeers,
            summary: "Take no rules about peers from userdb.")
        Setting(
            "no-dynamic-realms", .flag, sets: \.ignoresDatabaseRealms,
            summary: "Take no realms from userdb, nor their quotas.")
        Setting.notBuilt(
            "psql-userdb", .text("<connection>").secret, short: "e", aliases: ["sql-userdb"],
            "PostgreSQL database with users and secrets. Use userdb.")
        Setting.notBuilt(
            "mysql-userdb", .text("<connection>").secret, short: "M",
            "MySQL database with users and secrets. Use userdb.")
        Setting.notBuilt(
            "mongo-userdb", .text("<connection>").secret, short: "J",
            "MongoDB database with users and secrets. Use userdb.")
        Setting.notBuilt(
            "redis-userdb", .text("<connection>").secret, short: "N",
            "Redis database with users and secrets. Use userdb.")
        Setting.notBuilt(
            "redis-statsdb", .text("<connection>").secret, short: "O", "Redis database that is told of sessions.")
        Setting.notBuilt("secret-key-file", .path, "Key of the encrypted password in mysql-userdb.")
        Setting.always("no-auth-pings", .flag, "There is no connection that has to be kept alive.")
    }
}
