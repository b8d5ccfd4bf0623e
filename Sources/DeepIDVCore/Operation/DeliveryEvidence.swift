/// What became of a request that must not be executed twice.
public enum Outcome: Equatable, Sendable {
  /// Answered, and the session is known.
  case created
  /// Answered with a refusal: not executed.
  case rejected
  /// No byte of it ever left: not executed.
  case notSent
  /// It left in part only, and no server executes half a body: not executed.
  case notProcessed
  /// Executed or not: nobody here can say.
  case unknown
}

/// What was observed of a request, whatever error code the transport ended with.
///
/// No error code of libcurl says whether a request was executed: each of them occurs on both sides. The
/// final HTTP status and what was counted while sending do.
public struct DeliveryEvidence: Sendable {
  /// The final answer's status, or 0; a 1xx is not an answer.
  public var httpStatus: Int
  /// How often sending was begun.
  public var attempts: UInt32
  /// How many bytes of the body were handed to the transport.
  public var bodyBytesSent: Int
  /// How many bytes the body has.
  public var bodyBytes: Int
  /// Whether the answer named a session.
  public var hasSessionID: Bool

  /// Takes down what was observed.
  public init(
    httpStatus: Int, attempts: UInt32, bodyBytesSent: Int, bodyBytes: Int, hasSessionID: Bool
  ) {
    self.httpStatus = httpStatus
    self.attempts = attempts
    self.bodyBytesSent = bodyBytesSent
    self.bodyBytes = bodyBytes
    self.hasSessionID = hasSessionID
  }

  /// The only place that decides it.
  public var outcome: Outcome {
    switch httpStatus {
    case 200...299: return hasSessionID ? .created : .unknown
    case 300...399: return .rejected
    // A 408 comes from whoever waited, not from whoever executed.
    case 408: return .unknown
    case 400...499: return .rejected
    // A gateway's 5xx says nothing of what stands behind it.
    case 500...: return .unknown
    default: break
    }
    if attempts == 0 { return .notSent }
    return bodyBytesSent < bodyBytes ? .notProcessed : .unknown
  }
}
