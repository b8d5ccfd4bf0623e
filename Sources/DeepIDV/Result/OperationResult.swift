import CDeepIDV
import DeepIDVCore

/// How an operation ended; nothing of it changes any more.
final class OperationResult: HandleObject {
  static var magic: UInt64 { 0x6465_6570_7265_736c }

  let status: deepidv_status
  let cause: deepidv_status
  let httpStatus: Int32
  let attempts: UInt32
  let elapsedMicroseconds: UInt64
  /// The field that the library itself refused.
  let field: Field?
  /// What the service said of sessions, or nothing.
  let answer: SessionAnswer
  /// What the service said of a failure, or nothing.
  let failure: FailureAnswer
  /// The raw body with a NUL behind it; empty if none came.
  let body: ByteBuffer

  init(
    _ status: deepidv_status, cause: deepidv_status, httpStatus: Int32 = 0, attempts: UInt32 = 0,
    elapsedMicroseconds: UInt64 = 0, field: Field? = nil,
    answer: consuming SessionAnswer = SessionAnswer(),
    failure: consuming FailureAnswer = FailureAnswer(),
    body: consuming ByteBuffer = ByteBuffer(byteLimit: 0)
  ) {
    self.status = status
    self.cause = cause
    self.httpStatus = httpStatus
    self.attempts = attempts
    self.elapsedMicroseconds = elapsedMicroseconds
    self.field = field
    self.answer = answer
    self.failure = failure
    self.body = body
  }
}
