// swift-tools-version: 6.2
import PackageDescription

// run.sh passes the folder of table.h, which table.py makes.
let package = Package(
  name: "fuzz-calls",
  dependencies: [.package(name: "deepidv", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz-calls",
      dependencies: [.product(name: "DeepIDV", package: "deepidv")],
      cSettings: [.unsafeFlags(["-I\(Context.packageDirectory)/../../include"])])
  ]
)
