// Generated from Sources/ABI by abigen (make abi). Do not edit.

/// A counter: its place in `deepidv_stats`, whose first members they are.
enum Counter: Int {
  case submitted
  case inFlight
  case succeeded
  case notExecuted
  case outcomeUnknown
  case refused
  case failed
  case cancelled
  case timedOut
  case requests
  case retries
  case searches
  case throttled
  case connectionsOpened
  case connectionsReused
  case connectionsStale
  case bytesSent
  case bytesReceived
  case logsLost
  case elapsedUs

  static var count: Int { 20 }
  /// How many counters of latencies follow them.
  static var latencyCount: Int { 32 }
  /// The names of all, for JSON.
  static var names: StaticString {
    """
    "submitted":\
    "in_flight":\
    "succeeded":\
    "not_executed":\
    "outcome_unknown":\
    "refused":\
    "failed":\
    "cancelled":\
    "timed_out":\
    "requests":\
    "retries":\
    "searches":\
    "throttled":\
    "connections_opened":\
    "connections_reused":\
    "connections_stale":\
    "bytes_sent":\
    "bytes_received":\
    "logs_lost":\
    "elapsed_us":
    """
  }
}
