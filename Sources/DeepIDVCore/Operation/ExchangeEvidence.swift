import CDeepIDV

/// What was observed of one exchange with the service.
public struct ExchangeEvidence: Sendable {
  /// What was sent, and the last HTTP status; `hasSessionID` is set once the answer has been read.
  public var delivery: DeliveryEvidence
  /// Why the transport ended without a complete answer; `DEEPIDV_OK` if there is one.
  public var transportCause: deepidv_status
  /// Whether it timed out.
  public var isTimeout = false
  /// Whether the rest of the answer was not read because it is malformed or too large.
  public var isCutOff = false
  /// Whether nothing was sent because the kept connection was no longer usable.
  public var isStale = false
  /// Seconds to wait, from `Retry-After`; nil without one.
  public var retryAfter: UInt64?
  /// For a search, which sessions can be the one.
  public var search = SessionSearch(createdNotBefore: .max)
  /// The decision that the record must show, `DEEPIDV_DECISION_…`; 0 if none was sent.
  public var decision: Int32 = 0
  /// For a wait, whether a record was retrieved before.
  public var hasRecord = false
  /// The most sessions of a page that are kept.
  public var sessionLimit = pageLimit

  /// Records what was sent and why the transport ended.
  public init(_ delivery: DeliveryEvidence, transportCause: deepidv_status) {
    self.delivery = delivery
    self.transportCause = transportCause
  }
}
