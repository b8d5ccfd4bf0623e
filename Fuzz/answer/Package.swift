// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "fuzz-answer",
  dependencies: [.package(name: "deepidv", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz-answer",
      dependencies: [.product(name: "DeepIDV", package: "deepidv")],
      cSettings: [.unsafeFlags(["-I\(Context.packageDirectory)/../../include"])])
  ]
)
