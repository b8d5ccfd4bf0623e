/// The settings of a simulation.
struct Setting {
  var seeds = 5
  var seconds = 300.0
  /// Operations per second, in total.
  var offered = 50.0
  /// Seconds.
  var roundTrip = 0.15
  /// Seconds until an operation fails.
  var timeout = 30.0
}

/// The results of a simulation.
struct Tally {
  var requests = 0
  var refusals = 0
  /// Successes per process.
  var successes: [Int]
  /// Seconds from submission to success.
  var latencies: [Double] = []
  var lastSuccess = 0.0

  init(processes: Int) { successes = Array(repeating: 0, count: processes) }

  var successCount: Int { latencies.count }

  var medianLatency: Double {
    latencies.isEmpty ? .nan : latencies.sorted()[latencies.count / 2]
  }

  /// Jain's index: 1 if all processes got the same, 1/n if one got all.
  var fairness: Double {
    let sum = successes.reduce(0.0) { $0 + Double($1) }
    let squares = successes.reduce(0.0) { $0 + Double($1) * Double($1) }
    return sum * sum / (Double(successes.count) * squares)
  }
}
