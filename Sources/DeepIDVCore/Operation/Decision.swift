import CDeepIDV

/// The body of Update Session Status; nil unless the number is one of `DEEPIDV_DECISION_…`.
public func decisionBody(_ decision: Int32) -> StaticString? {
  switch decision {
  case DEEPIDV_DECISION_VERIFIED: #"{"new_status":"VERIFIED"}"#
  case DEEPIDV_DECISION_REJECTED: #"{"new_status":"REJECTED"}"#
  default: nil
  }
}
