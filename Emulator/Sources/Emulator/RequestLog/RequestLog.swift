import Foundation

/// One call and its response.
struct LoggedRequest: Sendable {
  /// The sequence number, from 1.
  var number = 0
  /// By the emulator's clock.
  let at: Date
  let method: String
  /// Path and query.
  let target: String
  /// Nil if the connection was closed without a response.
  let status: Int?
  let microseconds: Int
  /// The API key, redacted.
  let key: String?
  let bytesIn: Int
  let bytesOut: Int
  /// The injected fault, if any.
  let fault: String?

  /// Shortens a key so that it is recognisable but not usable.
  static func redacted(_ key: String) -> String {
    let suffix = key.suffix(key.count >= 12 ? 4 : 0)
    return "\(key.prefix(min(3, key.count / 3)))…\(suffix)"
  }

  /// The longest target that is entries.
  static let maxTargetSize = 1000
}

/// The most recent calls, in a ring buffer.
struct RequestLog: Sendable {
  private var entries: [LoggedRequest] = []
  private(set) var total = 0

  static let capacity = 1000

  mutating func append(_ request: LoggedRequest) {
    var request = request
    total += 1
    request.number = total
    if entries.count < RequestLog.capacity {
      entries.append(request)
    } else {
      entries[(total - 1) % RequestLog.capacity] = request
    }
  }

  /// The last calls, newest first.
  func last(_ count: Int) -> [LoggedRequest] {
    (0..<min(count, entries.count)).map { entries[(total - 1 - $0) % RequestLog.capacity] }
  }
}
