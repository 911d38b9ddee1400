extension ValueForm where Value == LogDestination {
    /// Where a log goes, as coturn's `log-file` says it.
    static var logDestination: ValueForm {
        ValueForm(
            placeholder: "<path>",
            expectation: "the path of a file, stdout, - or syslog",
            read: { bytes in
                switch plainText(bytes) {
                case nil, "": nil
                case "stdout", "-": .standardOutput
                case "syslog": .syslog
                case .some(let path): .file(path)
                }
            },
            show: { $0.description })
    }
}

extension ValueForm where Value == LogLevel? {
    /// A level, by swift-log's names and coturn's.
    static var logLevel: ValueForm {
        ValueForm<LogLevel>.word("<level>", synonyms: ["warn": .warning]).optional()
    }
}
