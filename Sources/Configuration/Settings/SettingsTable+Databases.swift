extension SettingsTable {
    /// Where users and secrets come from, beside the file.
    static let databases = SettingSection("Databases", "Users and secrets from elsewhere than this file.") {
        Setting.notBuilt("userdb", .path, short: "b", aliases: ["db"], "SQLite file with users and secrets.")
        Setting.notBuilt(
            "psql-userdb", .text("<connection>").secret, short: "e", aliases: ["sql-userdb"],
            "PostgreSQL database with users and secrets.")
        Setting.notBuilt(
            "mysql-userdb", .text("<connection>").secret, short: "M", "MySQL database with users and secrets.")
        Setting.notBuilt(
            "mongo-userdb", .text("<connection>").secret, short: "J", "MongoDB database with users and secrets.")
        Setting.notBuilt(
            "redis-userdb", .text("<connection>").secret, short: "N", "Redis database with users and secrets.")
        Setting.notBuilt(
            "redis-statsdb", .text("<connection>").secret, short: "O", "Redis database that is told of sessions.")
        Setting.notBuilt("secret-key-file", .path, "Key of the encrypted password in mysql-userdb.")
        Setting.always("no-auth-pings", .flag, "There is no database to ask from time to time.")
        Setting.always("no-dynamic-ip-list", .flag, "There is no database with rules about peers.")
        Setting.always("no-dynamic-realms", .flag, "There is no database with realms.")
    }
}
