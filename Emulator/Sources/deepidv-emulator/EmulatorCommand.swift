import ArgumentParser
import Emulator

/// The command line: options with their defaults, and what is checked about them.
struct EmulatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deepidv-emulator",
    abstract: "The deepidv service on this computer, for development and tests.",
    discussion: """
      Keeps everything in memory. When it is ready it prints one line that ends with its URL.
      """,
    version: "0.1.0")

  @Option(help: ArgumentHelp("The IP address to listen on.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 picks a free one.")
  var port: UInt16 = 8080

  @Option(
    name: .customLong("api-key"), parsing: .singleValue,
    help: ArgumentHelp(
      "An API key that is accepted; may be repeated. (default: dk_emulator)", valueName: "key"))
  var apiKeys: [String] = []

  @Option(
    name: .customLong("workflow"), parsing: .singleValue,
    help: ArgumentHelp(
      "A workflow that exists; may be repeated. (default: wf_abc123)", valueName: "id"))
  var workflows: [String] = []

  @Option(help: ArgumentHelp("How many sessions the account can pay for.", valueName: "count"))
  var tokens = 1_000_000

  @Option(help: ArgumentHelp("Calls a second for each key; 0 for no limit.", valueName: "calls"))
  var rate = 25.0

  @Option(help: ArgumentHelp("Calls at once for each key.", valueName: "calls"))
  var burst = 35

  @Option(help: ArgumentHelp("The organisation's id in session URLs.", valueName: "id"))
  var org = "org_emulator"

  @Flag(help: "Ends when standard input does, so that a test never leaves it behind.")
  var exitWithParent = false

  func validate() throws {
    guard ListenAddress(host: host, port: port) != nil else {
      throw ValidationError("--host must be an IP address or localhost")
    }
    guard apiKeys.allSatisfy(isHeaderValue) else {
      throw ValidationError("--api-key must be visible ASCII characters")
    }
    guard !(workflows + [org]).contains("") else {
      throw ValidationError("--workflow and --org must not be empty")
    }
    guard tokens >= 0 else { throw ValidationError("--tokens must not be negative") }
    guard rate.isFinite, rate >= 0 else {
      throw ValidationError("--rate must be 0 or a positive number")
    }
    guard burst >= 1 else { throw ValidationError("--burst must be at least 1") }
  }

  /// The settings that the options describe.
  func settings() throws -> Settings {
    guard let address = ListenAddress(host: host, port: port) else {
      throw ValidationError("--host must be an IP address or localhost")
    }
    return Settings(
      address: address,
      apiKeys: apiKeys.isEmpty ? ["dk_emulator"] : apiKeys,
      workflows: workflows.isEmpty ? ["wf_abc123"] : workflows,
      tokens: tokens, rate: rate, burst: burst, organization: org)
  }

  /// Whether a key can arrive in a header as it is.
  private func isHeaderValue(_ key: String) -> Bool {
    !key.isEmpty && key.utf8.allSatisfy { (0x21...0x7e).contains($0) }
  }
}
