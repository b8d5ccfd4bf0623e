import CDeepIDV
import CPlatform
import DeepIDVCore

// Log records. Most are written by the thread that drives; those of submissions and ends under the client's lock.

/// What happened to an operation, for its log record.
struct LogEvent {
  var code: Int32
  var level: Int32
  /// See `DEEPIDV_LOG_…`.
  var value: UInt64 = 0
  /// Of the operation, if it has ended.
  var status: deepidv_status = DEEPIDV_OK
  var cause: deepidv_status = DEEPIDV_OK
  var httpStatus: Int32 = 0
}

extension Client {
  /// Adds a record, if the client keeps records of this level.
  func log(_ event: LogEvent, of operation: Operation) {
    guard event.level <= settings.values.logLevel else { return }
    state.withLock { $0.log(event, of: operation) }
  }

  /// Removes and returns the oldest record.
  func takeLog() -> deepidv_log? { state.withLock { $0.logs.takeFirst() } }

  /// Returns microseconds between two times.
  static func microseconds(from start: UInt64, to end: UInt64) -> UInt64 {
    end > start ? (end - start) / 1000 : 0
  }
}

extension ClientState {
  /// The most records that are kept.
  static var logLimit: Int { 1024 }

  mutating func log(_ event: LogEvent, of operation: Operation) {
    guard event.level <= logLevel else { return }
    var record = deepidv_log()
    record.time_us = cplatform_wall_us()
    record.op = operation.guarded.number
    record.tag = operation.tag
    record.value = event.value
    record.level = event.level
    record.code = event.code
    record.kind = UInt32(bitPattern: operation.kind.row.event)
    record.status = event.status
    record.cause = event.cause
    record.http_status = event.httpStatus
    record.attempt = operation.driven.attempts
    if logs.append(record) { statistics.count(.logsLost) }
  }

  /// Adds the record of an operation that was accepted.
  mutating func logSubmitted(_ operation: Operation) {
    log(
      LogEvent(
        code: DEEPIDV_LOG_SUBMITTED, level: DEEPIDV_LEVEL_DEBUG,
        value: (operation.deadline &- operation.submitted) / 1_000_000),
      of: operation)
  }

  /// Adds the record of an operation that has ended.
  mutating func logEnded(_ operation: Operation, with result: OperationResult) {
    let level =
      switch result.status {
      case DEEPIDV_OK: DEEPIDV_LEVEL_INFO
      case DEEPIDV_E_OUTCOME_UNKNOWN: DEEPIDV_LEVEL_ERROR
      default: DEEPIDV_LEVEL_WARNING
      }
    log(
      LogEvent(
        code: DEEPIDV_LOG_ENDED, level: level, value: result.elapsedMicroseconds,
        status: result.status, cause: result.cause, httpStatus: result.httpStatus),
      of: operation)
  }
}
