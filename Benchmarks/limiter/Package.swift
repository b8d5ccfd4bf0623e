// swift-tools-version: 6.2
import PackageDescription

// A separate package, so that building the library does not build its benchmarks.
let package = Package(
  name: "limiter-simulation",
  dependencies: [.package(name: "deepidv", path: "../..")],
  targets: [
    .executableTarget(
      name: "limiter-simulation",
      dependencies: [.product(name: "DeepIDVCore", package: "deepidv")])
  ],
  swiftLanguageModes: [.v6]
)
