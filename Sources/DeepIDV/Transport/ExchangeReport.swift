import CDeepIDV
import DeepIDVCore

/// What one exchange with the service has brought.
struct ExchangeReport {
  /// What became of the request; of a question, `.created` says that it was answered.
  var outcome: Outcome
  /// How the operation would end now; nil if it stands as before.
  var result: OperationResult?
  /// What a look has found; nil if it was none.
  var found: OperationPolicy.Found?
  var wasAnswered = false
  var isThrottled = false
  var isTimeout = false
  /// Whether nothing was sent because the connection was not fit to be used again.
  var isStale = false
  /// Seconds, if the service said so.
  var retryAfter: UInt64?
}
