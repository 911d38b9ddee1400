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

let package = Package(
    name: "culvert",
    dependencies: [
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0")
    ],
    targets: [
        // Floor 1
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "Addressing", swiftSettings: strict),
        .target(name: "Tables", swiftSettings: strict),
        .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: strict),
        .target(name: "Timing", dependencies: ["Tables"], swiftSettings: strict),

        // Floor 2
        .target(name: "Accounts", dependencies: ["Cryptography"], swiftSettings: strict),
        .target(name: "Logs", dependencies: [.product(name: "Logging", package: "swift-log")], swiftSettings: strict),

        // Tests mirror the sources
        .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: strict),
        .testTarget(
            name: "AccountsTests", dependencies: ["Accounts", "Cryptography", "SeededRandom"], swiftSettings: strict),
        .testTarget(name: "AddressingTests", dependencies: ["Addressing", "SeededRandom"], swiftSettings: strict),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography", "SeededRandom"], swiftSettings: strict),
        .testTarget(
            name: "LogsTests",
            dependencies: ["Logs", "SeededRandom", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict),
        .testTarget(name: "TablesTests", dependencies: ["Tables", "SeededRandom"], swiftSettings: strict),
        .testTarget(name: "TimingTests", dependencies: ["Timing", "SeededRandom"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
