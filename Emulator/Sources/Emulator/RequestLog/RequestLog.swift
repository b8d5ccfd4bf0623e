import Foundation

/// One call and how it was answered.
struct LoggedRequest: Sendable {
  /// Counted from 1.
  var number = 0
  /// By the emulator's clock.
  let at: Date
  let method: String
  /// Path and query.
  let target: String
  /// Nil if the connection was closed without an answer.
  let status: Int?
  let microseconds: Int
  /// The key it came with, as far as it may be shown.
  let key: String?
  let bytesIn: Int
  let bytesOut: Int
  /// What went wrong on demand.
  let fault: String?

  /// Enough of a key to tell it from others, and never enough to use it.
  static func redacted(_ key: String) -> String {
    let shown = key.count >= 12 ? 4 : 0
    return "\(key.prefix(min(3, key.count / 3)))…\(key.suffix(shown))"
  }

  /// The longest target that is kept.
  static let longestTarget = 1000
}

/// The last calls.
struct RequestLog: Sendable {
  private var kept: [LoggedRequest] = []
  private(set) var total = 0

  static let most = 1000

  mutating func append(_ request: LoggedRequest) {
    var request = request
    total += 1
    request.number = total
    if kept.count < RequestLog.most {
      kept.append(request)
    } else {
      kept[(total - 1) % RequestLog.most] = request
    }
  }

  /// The newest first.
  func last(_ count: Int) -> [LoggedRequest] {
    (0..<min(count, kept.count)).map { kept[(total - 1 - $0) % RequestLog.most] }
  }
}
