// swift-tools-version: 6.2
import PackageDescription

// What ships is Embedded Swift (`--traits Embedded`); without the trait the same sources are built as
// ordinary Swift, which is what `swift test` needs.
let embedded: [SwiftSetting] = [
  .enableExperimentalFeature("Embedded", .when(traits: ["Embedded"])),
  .unsafeFlags(
    ["-Osize", "-enforce-exclusivity=unchecked", "-Xfrontend", "-function-sections"],
    .when(traits: ["Embedded"])),
]

// Unsafe constructs must be spelled out, so that a reader finds every one of them by its keyword.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
]

let root = Context.packageDirectory

let package = Package(
  name: "deepidv",
  products: [
    .library(name: "deepidv", type: .dynamic, targets: ["DeepIDV"]),
    // The same as a part of a program, for Fuzz/answer.
    .library(name: "DeepIDV", targets: ["DeepIDV"]),
    .library(name: "DeepIDVCore", targets: ["DeepIDVCore"]),
    .executable(name: "abigen", targets: ["abigen"]),
  ],
  traits: [.trait(name: "Embedded", description: "Build the library as it ships.")],
  targets: [
    .target(name: "ABI"),
    .executableTarget(name: "abigen", dependencies: ["ABI"]),

    .systemLibrary(name: "CDeepIDV", path: "include"),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
    .systemLibrary(name: "CCrypto", pkgConfig: "openssl"),
    .target(name: "CPlatform"),

    .target(
      name: "DeepIDVCore",
      dependencies: ["CCrypto", "CDeepIDV", "CPlatform"],
      swiftSettings: embedded + strict),
    .target(
      name: "DeepIDV",
      dependencies: ["CCurl", "CDeepIDV", "CPlatform", "DeepIDVCore"],
      swiftSettings: embedded,
      linkerSettings: [
        .unsafeFlags(
          [
            "-Xlinker", "-soname=libdeepidv.so.0",
            "-Xlinker", "--version-script=\(root)/deepidv.map",
            "-Xlinker", "--no-undefined-version", "-Xlinker", "--icf=all",
            "-Xlinker", "-Bsymbolic-functions",
            "-Xlinker", "-z", "-Xlinker", "defs",
            "-Xlinker", "-z", "-Xlinker", "now",
            "-Xlinker", "-z", "-Xlinker", "nodelete",
          ], .when(traits: ["Embedded"]))
      ]),

    // Answers random documents, so that Tests/python can compare them with another JSON reader.
    .executableTarget(name: "jsoncheck", dependencies: ["DeepIDVCore"], path: "Tests/jsoncheck"),

    .testTarget(
      name: "ABITests", dependencies: ["ABI"]),
    .testTarget(
      name: "DeepIDVCoreTests", dependencies: ["DeepIDVCore", "CDeepIDV"],
      swiftSettings: []),
  ],
  swiftLanguageModes: [.v6]
)
