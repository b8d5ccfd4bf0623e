import CDeepIDV
import CPlatform
import DeepIDVCore

/// One create from its submission to its end.
///
/// Changed only under its client's lock, except for the body,
/// which belongs to the worker while the operation runs.
final class Operation {
  enum Phase {
    case waiting
    case running
    case done
  }

  let tag: UInt64
  /// Monotonic nanoseconds.
  let submitted: UInt64
  let deadline: UInt64
  /// Where a thread waits for this very operation, instead of for the queue.
  let gate: Lock?
  var number: UInt64 = 0
  var phase = Phase.waiting
  var isCancelled = false
  var body: ByteBuffer
  var result: OperationResult?

  init(body: consuming ByteBuffer, tag: UInt64, timeoutMS: UInt32, gate: Lock?) {
    self.tag = tag
    self.gate = gate
    self.body = body
    submitted = cplatform_now_ns()
    deadline = submitted &+ UInt64(timeoutMS) &* 1_000_000
  }

  /// The result of an operation that was never begun.
  func notSent(_ cause: deepidv_status, at now: UInt64) -> OperationResult {
    OperationResult(
      DEEPIDV_E_NOT_SENT, cause: cause, elapsedMicroseconds: (now &- submitted) / 1000)
  }
}
