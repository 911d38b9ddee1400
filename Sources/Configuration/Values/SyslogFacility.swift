/// The facility under which syslog files our lines; raw values are the names of syslog(3) in lower case.
package enum SyslogFacility: String, Sendable, CaseIterable {
    case auth, authpriv, cron, daemon, ftp, kern, lpr, mail, news, syslog, user, uucp
    case local0, local1, local2, local3, local4, local5, local6, local7
}
