import CDeepIDV

/// What was observed of one exchange with the service, as plain values.
public struct ExchangeEvidence: Sendable {
  /// What left, and the last status that came; whether the answer names a session is found out by reading it.
  public var delivery: DeliveryEvidence
  /// Why the transport ended without a whole answer; `DEEPIDV_OK` if a whole one came.
  public var transportCause: deepidv_status
  /// Whether the time ran out.
  public var isTimeout = false
  /// Whether the rest of the answer was not taken, for what it is or for its size.
  public var isCutOff = false
  /// Whether nothing was sent because the connection was not fit to be used again.
  public var isStale = false
  /// Seconds to wait, as the service said; nil if it did not.
  public var retryAfter: UInt64?
  /// Of a search, which sessions may be the one.
  public var search = SessionSearch(createdNotBefore: .max)
  /// The decision that the record has to show, `DEEPIDV_DECISION_…`; 0 if none was sent.
  public var decision: Int32 = 0
  /// Of a wait, whether a record has come before.
  public var hasRecord = false
  /// How many sessions of a page are kept.
  public var sessionLimit = pageLimit

  /// Takes down what left and why the transport ended.
  public init(_ delivery: DeliveryEvidence, transportCause: deepidv_status) {
    self.delivery = delivery
    self.transportCause = transportCause
  }
}
