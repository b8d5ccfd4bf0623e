import ArgumentParser
import Emulator

/// The command line: options, defaults and validation.
struct EmulatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deepidv-emulator",
    abstract: "A local emulator of the deepidv service, for development and tests.",
    discussion: """
      Keeps all state in memory unless --state is given. When it is ready, it prints one line that \
      ends with its URL.

      \(openQuestions)
      """,
    version: "0.2.0")

  @Option(help: ArgumentHelp("The IP address to listen on.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 picks a free one.")
  var port: UInt16 = 8080

  @Option(
    name: .customLong("public-url"),
    help: ArgumentHelp(
      "The URL that applicants reach it by, for session URLs. (default: the host of each call)",
      valueName: "url"))
  var publicURL: String?

  @Option(
    name: .customLong("allow-host"), parsing: .singleValue,
    help: ArgumentHelp(
      "A host name that it is called by, besides localhost and IP addresses; repeatable.",
      valueName: "name"))
  var allowedHosts: [String] = []

  @Option(
    name: .customLong("allow-origin"), parsing: .singleValue,
    help: ArgumentHelp(
      "An origin whose scripts may call it, such as http://localhost:5173; repeatable.",
      valueName: "url"))
  var allowedOrigins: [String] = []

  @Option(
    name: .customLong("api-key"), parsing: .singleValue,
    help: ArgumentHelp(
      "An accepted API key; repeatable. (default: dk_emulator)", valueName: "key"))
  var apiKeys: [String] = []

  @Option(
    name: .customLong("test-key"), parsing: .singleValue,
    help: ArgumentHelp(
      "A key that gets canned sessions and cannot write; repeatable.",
      valueName: "key"))
  var testKeys: [String] = []

  @Option(
    name: .customLong("account"), parsing: .singleValue,
    help: ArgumentHelp(
      "Another organisation with its key; repeatable, also for a second key.",
      valueName: "org:key"))
  var accounts: [String] = []

  @Option(
    name: .customLong("workflow"), parsing: .singleValue,
    help: ArgumentHelp(
      "An existing workflow; repeatable. (default: wf_abc123)", valueName: "id"))
  var workflows: [String] = []

  @Option(help: ArgumentHelp("The number of sessions each account can create.", valueName: "count"))
  var tokens = 1_000_000

  @Option(help: ArgumentHelp("Calls per second and key; 0 for no limit.", valueName: "calls"))
  var rate = 25.0

  @Option(help: ArgumentHelp("The maximum burst of calls per key.", valueName: "calls"))
  var burst = 35

  @Option(
    help: ArgumentHelp(
      "Calls per day and account; 0 for no limit. (default: 10000, or 0 with --rate 0)",
      valueName: "calls"))
  var daily: Int?

  @Option(help: ArgumentHelp("The organisation's id in session URLs.", valueName: "id"))
  var org = "org_emulator"

  @Option(
    name: .customLong("webhook"), parsing: .singleValue,
    help: ArgumentHelp("A webhook endpoint; repeatable.", valueName: "url"))
  var webhooks: [String] = []

  @Option(
    help: ArgumentHelp(
      "The secret in the deepidv-signature header of webhooks.", valueName: "secret"))
  var webhookSecret = "whsec_emulator"

  @Flag(help: "Does not check the certificates of webhook endpoints.")
  var webhookInsecure = false

  @Option(
    name: .customLong("open"), parsing: .singleValue,
    help: ArgumentHelp(
      "Chooses a reading of an open question (see above); repeatable.", valueName: "name=value"))
  var open: [String] = []

  @Option(
    help: ArgumentHelp(
      "A file that stores all state across restarts.", valueName: "file"))
  var state: String?

  @Flag(help: "Exits at the end of standard input, so tests leave no process behind.")
  var exitWithParent = false

  @Option(
    help: ArgumentHelp(
      "Asks the emulator at this http URL whether it is ready, and exits: with 0, or with 1.",
      valueName: "url"))
  var check: String?

  func validate() throws {
    _ = try settings()
    _ = try healthCheck()
  }

  /// The health check to run in place of the emulator; nil if there is none.
  func healthCheck() throws -> HealthCheck? {
    guard let check else { return nil }
    guard let healthCheck = HealthCheck(url: check) else {
      throw ValidationError("--check must be a URL such as http://127.0.0.1:8080")
    }
    return healthCheck
  }

  /// Converts the options to settings.
  func settings() throws -> Settings {
    guard let address = ListenAddress(host: host, port: port) else {
      throw ValidationError("--host must be an IP address or localhost")
    }
    guard !(workflows + [org]).contains("") else {
      throw ValidationError("--workflow and --org must not be empty")
    }
    guard tokens >= 0 else { throw ValidationError("--tokens must not be negative") }
    guard rate.isFinite, rate >= 0 else {
      throw ValidationError("--rate must be 0 or a positive number")
    }
    guard burst >= 1 else { throw ValidationError("--burst must be at least 1") }
    guard daily ?? 0 >= 0 else { throw ValidationError("--daily must not be negative") }
    guard state != "" else { throw ValidationError("--state must not be empty") }

    var settings = Settings(address: address, accounts: try allAccounts())
    if !workflows.isEmpty { settings.workflows = workflows }
    settings.tokens = tokens
    settings.rate = rate
    settings.burst = burst
    settings.daily = daily ?? (rate == 0 ? 0 : 10_000)
    settings.webhooks = try webhooks.map { url in
      guard let webhook = Settings.Webhook(url: url, secret: webhookSecret) else {
        throw ValidationError(
          "--webhook must be an http or https URL, and --webhook-secret visible ASCII characters")
      }
      return webhook
    }
    settings.checksCertificates = !webhookInsecure
    settings.allowedHosts = try allowedHosts.map { name in
      guard let host = Authority(name), !host.hasPort else {
        throw ValidationError("--allow-host must be a host name without a port")
      }
      return host
    }
    settings.publicURL = try publicURL.map { try origin($0, of: "--public-url") }
    settings.allowedOrigins = try allowedOrigins.map { try origin($0, of: "--allow-origin") }
    settings.stateFile = state
    do throws(UnknownReading) {
      try settings.choose(open)
    } catch {
      throw ValidationError("--open: \(error.problem)")
    }
    return settings
  }

  private func origin(_ text: String, of option: String) throws -> Origin {
    guard let origin = Origin(text) else {
      throw ValidationError("\(option) must be http or https, a host and a port, without a path")
    }
    return origin
  }

  private func allAccounts() throws -> [Account] {
    let live = (apiKeys.isEmpty ? ["dk_emulator"] : apiKeys).map { Account.Key($0) }
    let test = testKeys.map { Account.Key($0, isTest: true) }
    var all = [Account(organization: org, keys: live + test)]
    for text in accounts {
      let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw ValidationError("--account must be an organisation, a colon and a key")
      }
      if let place = all.firstIndex(where: { $0.organization == parts[0] }) {
        all[place].keys.append(Account.Key(parts[1]))
      } else {
        all.append(Account(organization: parts[0], keys: [Account.Key(parts[1])]))
      }
    }
    guard all.flatMap(\.keys).allSatisfy({ isHeaderValue($0.text) }) else {
      throw ValidationError("--api-key must be visible ASCII characters")
    }
    return all
  }

  /// Whether a key is valid in a header.
  private func isHeaderValue(_ key: String) -> Bool {
    !key.isEmpty && key.utf8.allSatisfy { (0x21...0x7e).contains($0) }
  }

  /// The list of open questions, with the default of each first.
  private static var openQuestions: String {
    let lines = OpenQuestion.all.map { question in
      "  \(question.name)=\(question.values.joined(separator: "|"))\n      \(question.about)"
    }
    return """
      The service's public documentation is contradictory or silent on these points. The first value is \
      the default; choose another one with --open:

      \(lines.joined(separator: "\n"))
      """
  }
}
