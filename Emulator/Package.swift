// swift-tools-version: 6.1
import PackageDescription

// A separate package, so that building the library does not download or compile a web server.
let package = Package(
  name: "deepidv-emulator",
  products: [
    .executable(name: "deepidv-emulator", targets: ["deepidv-emulator"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    // What swift-nio depends on, so that a build of the same commit is the same.
    .package(url: "https://github.com/apple/swift-atomics.git", exact: "1.3.0"),
    .package(url: "https://github.com/apple/swift-collections.git", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-system.git", exact: "1.8.1"),
  ],
  targets: [
    // Everything but the command line, so that tests can import it.
    .target(name: "Emulator", dependencies: ["CPost", "CSQLite", "HTTP"]),
    // The web server, which knows nothing of sessions.
    .target(
      name: "HTTP",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    // Calls libcurl's variadic functions, which Swift cannot call.
    .target(name: "CPost", linkerSettings: [.linkedLibrary("curl")]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .executableTarget(
      name: "deepidv-emulator",
      dependencies: [
        "Emulator",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "EmulatorTests", dependencies: ["Emulator"]),
    .testTarget(
      name: "HTTPTests",
      dependencies: [
        "HTTP",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
