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
        .target(name: "Addressing", swiftSettings: strict),
        .target(name: "Configuration", dependencies: ["Addressing"], swiftSettings: strict),
        .target(name: "Tables", swiftSettings: strict),
        .target(name: "Timing", dependencies: ["Tables"], swiftSettings: strict),

        // Tests mirror the sources
        .testTarget(
            name: "ConfigurationTests", dependencies: ["Configuration", "Addressing"], exclude: ["Fixtures"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
