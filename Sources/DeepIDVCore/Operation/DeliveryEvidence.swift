/// What happened to a request that must not be executed twice.
public enum Outcome: Equatable, Sendable {
  /// The service answered, and the session is known.
  case created
  /// The service refused it: not executed.
  case rejected
  /// No byte of it was sent: not executed.
  case notSent
  /// Only a part of it was sent, and no server executes half a body: not executed.
  case notProcessed
  /// It may have been executed.
  case unknown
}

/// What was observed of a request, whatever error code the transport ended with.
///
/// No error code of libcurl tells whether a request was executed: each occurs in both cases. The final HTTP
/// status and what was counted while sending do.
public struct DeliveryEvidence: Sendable {
  /// The final answer's status, or 0; a 1xx is not an answer.
  public var httpStatus: Int
  /// How often sending began.
  public var attempts: UInt32
  /// How many bytes of the body were passed to the transport.
  public var bodyBytesSent: Int
  /// The size of the body in bytes.
  public var bodyBytes: Int
  /// Whether the answer named a session.
  public var hasSessionID: Bool

  /// Records what was observed.
  public init(
    httpStatus: Int, attempts: UInt32, bodyBytesSent: Int, bodyBytes: Int, hasSessionID: Bool
  ) {
    self.httpStatus = httpStatus
    self.attempts = attempts
    self.bodyBytesSent = bodyBytesSent
    self.bodyBytes = bodyBytes
    self.hasSessionID = hasSessionID
  }

  /// What happened; nothing else decides it.
  public var outcome: Outcome {
    switch httpStatus {
    case 200...299: return hasSessionID ? .created : .unknown
    case 300...399: return .rejected
    // A 408 comes from a server that waited, which may not be the one that executes.
    case 408: return .unknown
    case 400...499: return .rejected
    // A gateway's 5xx tells nothing about the server behind it.
    case 500...: return .unknown
    default: break
    }
    if attempts == 0 { return .notSent }
    return bodyBytesSent < bodyBytes ? .notProcessed : .unknown
  }
}
