import CDeepIDV
import CPlatform
import DeepIDVCore

/// What a client counts; any thread may count and read at any time.
final class Statistics {
  /// The words of `deepidv_stats`: a counter each, then the latencies.
  private let words: UnsafeMutablePointer<UInt64>

  private static var count: Int { Counter.count + Counter.latencyCount }

  private init(_ words: UnsafeMutablePointer<UInt64>) { self.words = words }

  deinit { cplatform_free(words) }

  static func make() throws(Refusal) -> Statistics {
    guard let memory = cplatform_malloc(count * MemoryLayout<UInt64>.stride) else {
      throw Refusal(DEEPIDV_E_NOMEM)
    }
    let words = memory.bindMemory(to: UInt64.self, capacity: count)
    words.initialize(repeating: 0, count: count)
    return Statistics(words)
  }

  func count(_ counter: Counter, _ number: UInt64 = 1) {
    cplatform_count(words + counter.rawValue, number)
  }

  /// Counts an operation that was accepted.
  func submitted() {
    count(.submitted)
    count(.inFlight)
  }

  /// Counts an operation that has ended.
  func ended(_ result: OperationResult) {
    let outcome: Counter =
      switch result.status {
      case DEEPIDV_OK: .succeeded
      case DEEPIDV_E_NOT_SENT, DEEPIDV_E_NOT_PROCESSED: .notExecuted
      case DEEPIDV_E_OUTCOME_UNKNOWN: .outcomeUnknown
      case 90...99: .refused
      default: .failed
      }
    count(outcome)
    if result.cause == DEEPIDV_E_CANCELLED { count(.cancelled) }
    if result.cause == DEEPIDV_E_TIMEOUT { count(.timedOut) }
    count(.elapsedUs, result.elapsedMicroseconds)
    let bucket =
      (result.elapsedMicroseconds | 1).bitWidth - 1
      - (result.elapsedMicroseconds | 1).leadingZeroBitCount
    cplatform_count(words + Counter.count + min(bucket, Counter.latencyCount - 1), 1)
    // Minus one. Last, so that nothing is in flight only once everything has been counted.
    count(.inFlight, .max)
  }

  /// Reads the counters.
  func read(into stats: inout deepidv_stats) {
    withUnsafeMutableBytes(of: &stats) { stats in
      for index in 0..<Self.count {
        stats.storeBytes(
          of: cplatform_counted(words + index),
          toByteOffset: index * MemoryLayout<UInt64>.stride, as: UInt64.self)
      }
    }
  }

  /// Writes the counters as JSON.
  func describe(into json: inout ByteBuffer) throws(BufferError) {
    var word = 0
    try json.append(UInt8(ascii: "{"))
    try Counter.names.withSpan { names throws(BufferError) in
      var index = 0
      while let byte = names.at(index) {
        index &+= 1
        try json.append(byte)
        guard byte == UInt8(ascii: ":") else { continue }
        try json.append(decimal: cplatform_counted(words + word))
        try json.append(UInt8(ascii: ","))
        word &+= 1
      }
    }
    try json.append("\"latency\":")
    var separator = UInt8(ascii: "[")
    while word < Self.count {
      try json.append(separator)
      try json.append(decimal: cplatform_counted(words + word))
      separator = UInt8(ascii: ",")
      word &+= 1
    }
    try json.append("]}")
  }
}
