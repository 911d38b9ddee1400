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
    targets: [
        // Floor 1
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "Addressing", swiftSettings: strict),
        .target(name: "Tables", swiftSettings: strict),
        .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: strict),
        .target(name: "Timing", dependencies: ["Tables"], swiftSettings: strict),

        // Floor 2
        .target(name: "STUN", dependencies: ["Addressing", "Cryptography"], swiftSettings: spans),
        .target(name: "Accounts", dependencies: ["Cryptography"], swiftSettings: strict),

        // Floor 3
        .target(
            name: "TURN", dependencies: ["Accounts", "Addressing", "Cryptography", "STUN", "Tables", "Timing"],
            swiftSettings: spans),

        // Tests mirror the sources
        .target(
            name: "TestBench",
            dependencies: ["Accounts", "Addressing", "Cryptography", "STUN", "TURN", "Tables", "Timing"],
            path: "Tests/TestBench", swiftSettings: strict),
        .testTarget(name: "AccountsTests", dependencies: ["Accounts", "Cryptography"], swiftSettings: strict),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"], swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Accounts", "Addressing", "Cryptography", "STUN", "TURN", "Tables", "TestBench", "Timing"],
            swiftSettings: strict),
        .testTarget(
            name: "TURNTests",
            dependencies: ["Accounts", "Addressing", "Cryptography", "STUN", "TURN", "Tables", "TestBench", "Timing"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
