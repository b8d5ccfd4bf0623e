// swift-tools-version: 6.2
import PackageDescription

// Nothing unwinds through the library, and Swift's functions have no unwind tables that would let it.
let noUnwindTables = ["-fno-asynchronous-unwind-tables", "-fno-unwind-tables"]

// The library ships as Embedded Swift (`--traits Embedded`). Without the trait, the same sources build as
// ordinary Swift, which `swift test` needs. Three optimizations are limited, which saves 8 KB: LLVM's inlining of what
// Swift has not inlined, Swift's inlining into functions that are long already, and a copy of a function for each
// closure that is passed to it. Only the last makes a create faster, by 1.5 %.
let embedded: [SwiftSetting] = [
  .enableExperimentalFeature("Embedded", .when(traits: ["Embedded"])),
  .unsafeFlags(
    [
      "-Osize", "-enforce-exclusivity=unchecked", "-Xfrontend", "-function-sections",
      "-Xllvm", "-inline-threshold=0", "-Xllvm", "-sil-inline-overall-caller-block-limit=50",
      "-Xllvm", "-sil-disable-pass=closure-specialize",
    ] + noUnwindTables.flatMap { ["-Xcc", $0] },
    .when(traits: ["Embedded"])),
]

let embeddedC: [CSetting] = [
  .unsafeFlags(["-Oz", "-D_FORTIFY_SOURCE=3"] + noUnwindTables, .when(traits: ["Embedded"]))
]

// Unsafe constructs need a keyword, so that a reader can find all of them.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
]

// For a method that returns a part of a span.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

let root = Context.packageDirectory

let package = Package(
  name: "deepidv",
  products: [
    .library(name: "deepidv", type: .dynamic, targets: ["DeepIDV"]),
    // The library for static linking, for Fuzz/answer.
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
    .target(name: "CPlatform", cSettings: embeddedC),

    .target(
      name: "DeepIDVCore",
      dependencies: ["CCrypto", "CDeepIDV", "CPlatform"],
      swiftSettings: embedded + strict + lifetimes),
    .target(
      name: "DeepIDV",
      dependencies: ["CCurl", "CDeepIDV", "CPlatform", "DeepIDVCore"],
      swiftSettings: embedded,
      linkerSettings: [
        .unsafeFlags(
          [
            "-Xlinker", "-soname=libdeepidv.so.0",
            "-Xlinker", "--version-script=\(root)/deepidv.map",
            "-Xlinker", "--no-undefined-version", "-Xlinker", "--icf=all", "-Xlinker", "-O2",
            "-Xlinker", "-Bsymbolic-functions",
            "-Xlinker", "-z", "-Xlinker", "defs",
            "-Xlinker", "-z", "-Xlinker", "now",
            "-Xlinker", "-z", "-Xlinker", "nodelete",
          ], .when(traits: ["Embedded"]))
      ]),

    // Parses random documents, so that Tests/python can compare them with another JSON reader.
    .executableTarget(name: "jsoncheck", dependencies: ["DeepIDVCore"], path: "Tests/jsoncheck"),
    // Reads random responses, so that Tests/http can compare them with other readers.
    .executableTarget(
      name: "httpcheck", dependencies: ["CDeepIDV", "DeepIDVCore"], path: "Tests/http/check"),

    .testTarget(
      name: "ABITests", dependencies: ["ABI"]),
    .testTarget(
      name: "DeepIDVCoreTests", dependencies: ["DeepIDVCore", "CDeepIDV"],
      swiftSettings: []),
  ],
  swiftLanguageModes: [.v6]
)
