import CDeepIDV
import DeepIDVCore

/// The result of an operation.
///
/// Written by the thread that drives, and under the client's lock when the operation ends; constant after that.
final class OperationResult: HandleObject {
  static var magic: UInt64 { 0x6465_6570_7265_736c }

  let status: deepidv_status
  let cause: deepidv_status
  var httpStatus: Int32 = 0
  var retryAfterMS: UInt64 = 0
  /// The invalid field, if the library refused the request.
  var field: Field?
  /// The sessions in the answer, if any.
  let answer: SessionAnswer
  /// The failure in the answer, if any.
  let failure: FailureAnswer
  /// Whether the session was found by a search.
  var isReconciled = false
  /// Whether it was found before anything was sent.
  var isFound = false
  /// `DEEPIDV_VERDICT_…`; unknown unless a confirmation says otherwise.
  var verdict = DEEPIDV_VERDICT_UNKNOWN
  /// The body of the answer, with a NUL; empty without an answer.
  let responseBody: ByteBuffer
  /// Why nothing could be sent and what may help, if there is more to say than the cause's text.
  private(set) var explanation = ByteBuffer(byteLimit: 0)
  /// The id that the service gave the request; empty if it gave none.
  private(set) var requestID = ByteBuffer(byteLimit: 128)

  // Set when the operation ends. Texts end with a NUL.
  var attempts: UInt32 = 0
  var elapsedMicroseconds: UInt64 = 0
  var externalID = ByteBuffer(byteLimit: 0)
  var reconcileToken = ByteBuffer(byteLimit: 0)

  /// All of it as JSON, once somebody has read that.
  let description = LazyText()

  /// A result without an answer.
  init(_ status: deepidv_status, cause: deepidv_status) {
    self.status = status
    self.cause = cause
    answer = SessionAnswer()
    failure = FailureAnswer()
    responseBody = ByteBuffer(byteLimit: 0)
  }

  /// The result of an exchange; `responseBody` ends with a NUL, or is empty.
  init(_ evaluation: consuming ExchangeEvaluation, responseBody: consuming ByteBuffer) {
    status = evaluation.status
    cause = evaluation.cause
    httpStatus = evaluation.httpStatus
    retryAfterMS = evaluation.retryAfterMS
    isReconciled = evaluation.isReconciled
    isFound = evaluation.isFound
    verdict = evaluation.verdict
    answer = evaluation.answer
    failure = evaluation.failure
    // It arrived in pieces, and there are as many results as a caller keeps.
    responseBody.fit()
    self.responseBody = responseBody
  }

  /// Keeps the id that the service gave the request.
  func keepRequestID(_ id: Span<UInt8>) {
    if id.isEmpty { return }
    // It only helps to find the request in the service's logs: without memory for it, the result is as good.
    try? requestID.append(id)
    try? requestID.append(0)
  }

  /// Adds what may help to the cause's text.
  func advise(_ advice: StaticString) {
    var text = ByteBuffer(byteLimit: 1024)
    do throws(BufferError) {
      try statusTexts().withText(for: cause) { cause throws(BufferError) in try text.append(cause) }
      try text.append(UInt8(ascii: " "))
      try text.append(advice)
      try text.append(0)
    } catch { return }
    swap(&explanation, &text)
  }

  /// Adds what an operation knows when it ends, and moves its external id.
  func complete(_ operation: Operation, at now: UInt64) {
    attempts = operation.driven.attempts
    elapsedMicroseconds = (now &- operation.submitted) / 1000
    guard !operation.driven.externalID.isEmpty else { return }
    if status == DEEPIDV_E_OUTCOME_UNKNOWN, ReconcileToken.canName(operation.driven.externalID) {
      var token = ByteBuffer(byteLimit: ReconcileToken.longest)
      let sentAt = operation.driven.sent?.wall ?? 0
      let written = operation.driven.externalID.withSpan { id in
        (try? ReconcileToken.write(sentAt: sentAt, externalID: id, to: &token)) != nil
          && (try? token.append(0)) != nil
      }
      if written { reconcileToken = token }
    }
    do throws(BufferError) { try operation.driven.externalID.append(0) } catch { return }
    swap(&externalID, &operation.driven.externalID)
  }
}
