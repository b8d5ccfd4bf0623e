// swift-tools-version: 6.1
import PackageDescription

// A separate package, so that building the library does not download or compile a web server.
let package = Package(
  name: "deepidv-emulator",
  products: [
    .executable(name: "deepidv-emulator", targets: ["deepidv-emulator"])
  ],
  dependencies: [
    .package(url: "https://github.com/swhitty/FlyingFox.git", exact: "0.27.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
  ],
  targets: [
    // Everything but the command line, so that tests can import it.
    .target(name: "Emulator", dependencies: ["CPost", "CSQLite", "FlyingFox"]),
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
  ],
  swiftLanguageModes: [.v6]
)
