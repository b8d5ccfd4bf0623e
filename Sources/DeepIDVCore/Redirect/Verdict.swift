import CDeepIDV

/// What the status of a session's record means for whoever waits for its outcome: `DEEPIDV_VERDICT_…`.
///
/// A session that was voided or has failed is over without a decision, like one that has expired. To call
/// that rejected would hold against a person what nobody has found. A word that is not known yet may mean
/// anything.
public func verdict(ofSessionStatus status: Span<UInt8>) -> Int32 {
  switch status {
  case "VERIFIED": DEEPIDV_VERDICT_VERIFIED
  case "REJECTED": DEEPIDV_VERDICT_REJECTED
  case "SUBMITTED": DEEPIDV_VERDICT_SUBMITTED
  case "PENDING": DEEPIDV_VERDICT_PENDING
  case "EXPIRED", "VOIDED", "FAILED": DEEPIDV_VERDICT_EXPIRED
  default: DEEPIDV_VERDICT_UNKNOWN
  }
}

extension SessionAnswer {
  /// What the session's status means for the verification.
  var verdict: Int32 {
    guard let status = sessions.at(0)?.status else { return DEEPIDV_VERDICT_UNKNOWN }
    return texts.withSpan {
      DeepIDVCore.verdict(ofSessionStatus: $0.part(status))
    }
  }
}

/// Whether a session with this verdict has ended, so that its status will not change by itself.
func isFinal(verdict: Int32) -> Bool {
  switch verdict {
  case DEEPIDV_VERDICT_VERIFIED, DEEPIDV_VERDICT_REJECTED, DEEPIDV_VERDICT_EXPIRED: true
  default: false
  }
}
