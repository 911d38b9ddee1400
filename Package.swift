// swift-tools-version: 6.2
import PackageDescription

/// Flags of every Swift target: the strictest the toolchain offers, so that the compiler holds the laws of the house.
let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The codec and the I/O modules also return spans from methods, which still needs a feature flag in Swift 6.3.
let spans: [SwiftSetting] = strict + [.enableExperimentalFeature("Lifetimes")]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "culvert",
    dependencies: [
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        // The admin interface. Its trait for swift-configuration is switched on only so that the name of that package's
        // module, which is ours too, can be changed below.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0",
            traits: ["ConfigurationSupport"]),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        // Only turnadmin and turnload, which are no part of the daemon, ask for these.
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.2.0"),
    ],
    targets: [
        // Floor 1
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CLinux"),
        .target(name: "COffload"),
        .target(name: "CPages", exclude: ["Web"]),
        .target(name: "Addressing", swiftSettings: strict),
        .target(name: "Configuration", dependencies: ["Addressing"], swiftSettings: strict),
        .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: strict),
        .target(name: "Logs", dependencies: [logging], swiftSettings: strict),
        .target(name: "Tables", swiftSettings: strict),
        .target(name: "Timing", dependencies: ["Tables"], swiftSettings: strict),

        // Floor 2
        .target(name: "Accounts", dependencies: ["Cryptography"], swiftSettings: strict),
        .target(
            name: "Database", dependencies: ["Addressing", "CSQLite", "Cryptography"], swiftSettings: strict),
        .target(name: "STUN", dependencies: ["Addressing", "Cryptography"], swiftSettings: spans),

        // Floor 3
        .target(
            name: "Transport", dependencies: ["Addressing", "CLinux", "COpenSSL", "Tables", "Timing"],
            swiftSettings: spans),
        .target(
            name: "Offload", dependencies: ["Addressing", "COffload", "Timing"], exclude: ["bpf"], swiftSettings: strict
        ),
        .target(
            name: "TURN", dependencies: ["Accounts", "Addressing", "Cryptography", "STUN", "Tables", "Timing"],
            swiftSettings: spans),

        // Floor 4
        .target(
            name: "Relay",
            dependencies: [
                "Accounts", "Addressing", "Configuration", "Cryptography", "Database", "Logs", "Offload", "STUN",
                "TURN",
                "Tables", "Timing", "Transport", logging,
            ], swiftSettings: spans),
        .target(
            name: "TURNClient", dependencies: ["Addressing", "Cryptography", "STUN", "Timing", "Transport"],
            swiftSettings: spans),

        // Floor 5
        .target(
            name: "Admin",
            dependencies: [
                "Accounts", "Addressing", "CPages", "Configuration", "Cryptography", "Database", "Relay", "STUN",
                "TURN", "Timing", "Transport", logging,
                .product(
                    name: "Hummingbird", package: "hummingbird",
                    moduleAliases: ["Configuration": "SwiftConfiguration"]),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: strict),
        .target(
            name: "AdminClient",
            dependencies: [
                "Accounts", "Addressing", "Configuration", "TURN", "TURNClient", "Timing", "Transport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: strict),
        .target(
            name: "LoadTest",
            dependencies: [
                "Accounts", "Addressing", "STUN", "TURNClient", "Timing", "Transport",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ], swiftSettings: spans),

        // Floor 6
        .executableTarget(
            name: "turnserver",
            dependencies: ["Admin", "Configuration", "Logs", "Relay", "Timing", "Transport", logging],
            swiftSettings: strict),
        .executableTarget(
            name: "turnadmin",
            dependencies: [
                "AdminClient", "Configuration", "Cryptography", "Database",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ], swiftSettings: strict),
        .executableTarget(
            name: "turnload",
            dependencies: [
                "Addressing", "LoadTest", "TURNClient", "Timing", "Transport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),

        // Tests mirror the sources
        .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: strict),
        .target(
            name: "TestCertificate", dependencies: ["COpenSSL"], path: "Tests/TestCertificate", swiftSettings: strict),
        .target(
            name: "TestBench",
            dependencies: [
                "Accounts", "Addressing", "Cryptography", "STUN", "SeededRandom", "TURN", "Tables", "Timing",
            ],
            path: "Tests/TestBench", swiftSettings: strict),
        .testTarget(
            name: "AccountsTests", dependencies: ["Accounts", "Cryptography", "SeededRandom"], swiftSettings: strict),
        .testTarget(
            name: "AdminTests",
            dependencies: [
                "Addressing", "Admin", "Configuration", "Relay", "Transport", logging,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ], swiftSettings: strict),
        .testTarget(name: "AdminClientTests", dependencies: ["AdminClient"], swiftSettings: strict),
        .testTarget(name: "AddressingTests", dependencies: ["Addressing", "SeededRandom"], swiftSettings: strict),
        .testTarget(
            name: "ConfigurationTests", dependencies: ["Addressing", "Configuration"], exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography", "SeededRandom"], swiftSettings: strict),
        .testTarget(
            name: "DatabaseTests", dependencies: ["Addressing", "CSQLite", "Cryptography", "Database"],
            swiftSettings: strict),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Accounts", "Addressing", "Database", "STUN", "TURNClient", "TestCertificate", "Transport",
                "turnserver",
            ],
            swiftSettings: spans),
        .testTarget(
            name: "LoadTestTests", dependencies: ["Addressing", "LoadTest", "STUN", "TURNClient", "Timing"],
            swiftSettings: strict),
        .testTarget(name: "LogsTests", dependencies: ["Logs", "SeededRandom", logging], swiftSettings: strict),
        .testTarget(
            name: "OffloadTests", dependencies: ["Addressing", "COffload", "Offload", "SeededRandom", "Timing"],
            swiftSettings: strict),
        .testTarget(
            name: "RelayTests",
            dependencies: [
                "Addressing", "Configuration", "Offload", "Relay", "STUN", "TURN", "Timing", "Transport", logging,
            ],
            swiftSettings: spans),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Accounts", "Addressing", "Cryptography", "STUN", "SeededRandom", "TURN", "Tables", "TestBench",
                "Timing",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "STUNTests", dependencies: ["Addressing", "Cryptography", "STUN"], resources: [.copy("Vectors")],
            swiftSettings: spans),
        .testTarget(
            name: "TransportTests",
            dependencies: ["Addressing", "COpenSSL", "SeededRandom", "TestCertificate", "Timing", "Transport"],
            swiftSettings: spans),
        .testTarget(
            name: "TURNClientTests", dependencies: ["Addressing", "Cryptography", "STUN", "TURNClient", "Timing"],
            swiftSettings: spans),
        .testTarget(
            name: "TURNTests",
            dependencies: [
                "Accounts", "Addressing", "Cryptography", "STUN", "SeededRandom", "TURN", "Tables", "TestBench",
                "Timing",
            ],
            swiftSettings: strict),
        .testTarget(name: "TablesTests", dependencies: ["Tables", "SeededRandom"], swiftSettings: strict),
        .testTarget(name: "TimingTests", dependencies: ["Timing", "SeededRandom"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
