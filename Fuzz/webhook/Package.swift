// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "fuzz-webhook",
  dependencies: [.package(name: "deepidv", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz-webhook",
      dependencies: [.product(name: "DeepIDVCore", package: "deepidv")],
      // libFuzzer has the `main`.
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  ],
  swiftLanguageModes: [.v6]
)
