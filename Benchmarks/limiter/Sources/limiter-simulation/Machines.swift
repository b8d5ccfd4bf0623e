import Foundation

/// How 1 to 1,000 machines with one key drain a table of 10,000 rows.
enum Machines {
  private static let rows = 10_000
  private static let counts = [1, 2, 4, 8, 16, 32, 64, 125, 250, 500, 1000]

  /// Prints a line for each number of machines, with columns separated by spaces.
  static func print(_ setting: Setting) {
    Swift.print("strategy machines drained-s refused-% jain")
    for isShared in [false, true] {
      for count in counts {
        let drains = (0..<setting.seeds).map { seed in
          let strategy =
            isShared ? Strategy.shared() : Strategy.all.first { $0.name == "libdeepidv" }
          return World.drain(
            strategy ?? .shared(), processes: count, seed: UInt64(seed), rows: rows, setting)
        }
        func mean(_ value: (Drain) -> Double) -> String {
          String(format: "%.3f", drains.reduce(0) { $0 + value($1) } / Double(drains.count))
        }
        Swift.print(
          isShared ? "shared" : "alone", count, mean { $0.seconds }, mean { 100 * $0.refusedPart },
          mean { $0.fairness })
        fflush(nil)
      }
    }
  }
}

/// What came of a run.
struct Drain {
  /// When the last row was done.
  let seconds: Double
  /// The refused requests, as a part of all.
  let refusedPart: Double
  /// Jain's index of the rows that each machine had done when it was half past.
  let fairness: Double
}
