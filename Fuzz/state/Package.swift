// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "fuzz-state",
  dependencies: [.package(name: "deepidv", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz-state",
      dependencies: [.product(name: "DeepIDVCore", package: "deepidv")],
      // libFuzzer defines `main`.
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ],
  swiftLanguageModes: [.v6]
)
