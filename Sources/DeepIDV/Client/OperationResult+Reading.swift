import CDeepIDV
import DeepIDVCore

// The parts of a result that C reads: each by its own function, and a session's all at once.

extension OperationResult {
  /// Returns a text of the sessions in the answer.
  func sessionText(_ range: ByteRange?) -> LentText { LentText(range, of: answer.texts) }

  /// Returns a text of the failure in the answer.
  func failureText(_ range: ByteRange?) -> LentText { LentText(range, of: failure.texts) }

  var sessionID: LentText { answer.sessionID }
  var sessionURL: LentText { answer.sessionURL }
  var expiresAt: LentText { answer.expiresAt }
  var sessionStatus: LentText { answer.sessionStatus }
  var sessionProgress: LentText { answer.sessionProgress }

  /// The external id that the service returned, else the one that it was sent.
  var knownExternalID: LentText {
    let returned = answer.externalID
    return returned.start == nil ? LentText(externalID) : returned
  }

  /// The body of the answer, unchanged.
  var json: LentText { LentText(responseBody) }

  var linkCount: UInt32 { answer.linkCount }
  /// `DEEPIDV_RESULT_FACT_…` bits.
  var facts: UInt32 { UInt32(bitPattern: answer.facts | failure.facts) }
  var reconciled: Int32 { isReconciled ? 1 : 0 }
  var found: Int32 { isFound ? 1 : 0 }

  /// A description of the failure for people.
  var message: LentText {
    if status == DEEPIDV_OK { return LentText() }
    guard let message = failure.message else {
      return explanation.isEmpty ? LentText(statusTexts(), for: cause) : LentText(explanation)
    }
    return failureText(message)
  }

  /// Reads all parts of the session.
  func read(into session: inout deepidv_session) {
    answer.read(into: &session)
    (session.external_id, session.external_id_len) = knownExternalID.parts
    (session.json, session.json_len) = json.parts
    session.elapsed_us = elapsedMicroseconds
    session.http_status = httpStatus
    session.attempts = attempts
    session.reconciled = reconciled
    session.verdict = verdict
    session.facts = facts
    session.found = found
  }
}
