import Foundation

@main
struct Main {
  private static let processes = [1, 4, 16, 64]

  static func main() {
    var arguments = CommandLine.arguments.dropFirst()
    let isOfMachines = arguments.first == "machines"
    if isOfMachines { arguments.removeFirst() }
    guard let setting = Setting(arguments: arguments) else {
      print(
        "usage: limiter-simulation [machines] [seeds=5] [seconds=300] [offered=50] [rtt=0.15] [timeout=30]"
      )
      exit(2)
    }
    if isOfMachines { return Machines.print(setting) }
    printSteady(setting)
    print()
    printBatch(setting)
    print()
    printNewcomer(setting)
  }

  private static func printSteady(_ setting: Setting) {
    let load = "\(text(setting.offered, 0)) operations/s for \(text(setting.seconds, 0)) s"
    let network = "round trip \(text(setting.roundTrip * 1000, 0)) ms"
    let deadline = "deadline \(text(setting.timeout, 0)) s"
    print("\(load) on one key with a limit of 25/s and a burst of 35,")
    print("\(network), \(deadline), mean of \(setting.seeds) seeds\n")
    row(
      "strategy",
      ["processes", "goodput/s", "429/s", "429 share", "req/success", "p50 s", "Jain"])
    for strategy in Strategy.all {
      for count in processes {
        let tallies = (0..<setting.seeds).map {
          World.steady(strategy, processes: count, seed: UInt64($0), setting)
        }
        func mean(_ value: (Tally) -> Double) -> Double {
          tallies.reduce(0) { $0 + value($1) } / Double(tallies.count)
        }
        row(
          strategy.name,
          [
            "\(count)",
            text(mean { Double($0.successCount) } / setting.seconds, 1),
            text(mean { Double($0.refusals) } / setting.seconds, 2),
            text(mean { 100 * Double($0.refusals) / Double($0.requests) }, 1) + " %",
            text(mean { Double($0.requests) / Double($0.successCount) }, 2),
            text(mean { $0.medianLatency }, 1),
            text(mean { $0.fairness }, 3),
          ])
      }
    }
  }

  private static func printBatch(_ setting: Setting) {
    let operations = 1500
    print("\(operations) operations at once, no deadline (58.6 s at best)\n")
    row("strategy", ["processes", "succeed", "fail", "last after s", "429s"])
    for strategy in Strategy.all where !strategy.name.contains("at most") {
      for count in processes {
        let tallies = (0..<setting.seeds).map {
          World.batch(
            strategy, processes: count, seed: UInt64($0), operations: operations, setting)
        }
        func mean(_ value: (Tally) -> Double) -> Double {
          tallies.reduce(0) { $0 + value($1) } / Double(tallies.count)
        }
        row(
          strategy.name,
          [
            "\(count)",
            text(mean { Double($0.successCount) }, 0),
            text(mean { Double(operations - $0.successCount) }, 0),
            text(mean { $0.lastSuccess }, 1),
            text(mean { Double($0.refusals) }, 0),
          ])
      }
    }
  }

  private static func printNewcomer(_ setting: Setting) {
    print("one process alone, and another from the second minute on: successes per second\n")
    row("strategy", ["first", "second", "429/s", "least"])
    for strategy in Strategy.all {
      let tallies = (0..<setting.seeds).map {
        World.newcomer(strategy, seed: UInt64($0), setting)
      }
      let seconds = setting.seconds - 120
      func mean(_ value: (Tally) -> Int) -> Double {
        tallies.reduce(0) { $0 + Double(value($1)) } / Double(tallies.count) / seconds
      }
      row(
        strategy.name,
        [
          text(mean { $0.successes[0] }, 1),
          text(mean { $0.successes[1] }, 1),
          text(mean { $0.refusals }, 2),
          text(Double(tallies.map { $0.successes.min() ?? 0 }.min() ?? 0) / seconds, 1),
        ])
    }
  }

  private static func row(_ name: String, _ columns: [String]) {
    let cells = columns.map { String(repeating: " ", count: max(0, 13 - $0.count)) + $0 }
    print(name.padding(toLength: 30, withPad: " ", startingAt: 0) + cells.joined())
    // Print line by line, also to a pipe, because the simulation takes a while.
    fflush(nil)
  }

  private static func text(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }
}

extension Setting {
  init?(arguments: ArraySlice<String>) {
    for argument in arguments {
      let parts = argument.split(separator: "=")
      guard parts.count == 2, let value = Double(parts[1]), value > 0, value <= 1e5 else {
        return nil
      }
      switch parts[0] {
      case "seeds": seeds = max(1, Int(value))
      case "seconds": seconds = max(180, value)
      case "offered": offered = value
      case "rtt": roundTrip = value
      case "timeout": timeout = value
      default: return nil
      }
    }
  }
}
