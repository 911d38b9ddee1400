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

        // Floor 4
        .target(
            name: "TURNClient", dependencies: ["Addressing", "Cryptography", "STUN", "Timing"], swiftSettings: spans),

        // Tests
        .testTarget(
            name: "STUNTests", dependencies: ["Addressing", "Cryptography", "STUN"], resources: [.copy("Vectors")],
            swiftSettings: spans),
        .testTarget(
            name: "TURNClientTests", dependencies: ["Addressing", "Cryptography", "STUN", "TURNClient", "Timing"],
            swiftSettings: spans),
        .testTarget(
            name: "IntegrationTests", dependencies: ["Addressing", "STUN", "TURNClient"], swiftSettings: spans),
    ],
    swiftLanguageModes: [.v6]
)
