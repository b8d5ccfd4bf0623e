import CDeepIDV
import DeepIDVCore

// What C reads of a result, piece by piece or all that is about the session at once.

extension OperationResult {
  /// A part of what the service said of sessions.
  func said(_ range: ByteRange?) -> LentText { LentText(range, of: answer.texts) }

  /// A part of what the service said of a failure.
  func saidOfFailure(_ range: ByteRange?) -> LentText { LentText(range, of: failure.texts) }

  var sessionID: LentText { answer.sessionID }
  var sessionURL: LentText { answer.sessionURL }
  var expiresAt: LentText { answer.expiresAt }
  var sessionStatus: LentText { answer.sessionStatus }
  var sessionProgress: LentText { answer.sessionProgress }

  /// What the service said, else what it was sent.
  var knownExternalID: LentText {
    let said = answer.externalID
    return said.start == nil ? LentText(externalID) : said
  }

  /// The raw responseBody.
  var json: LentText { LentText(responseBody) }

  var linkCount: UInt32 { answer.linkCount }
  /// `DEEPIDV_RESULT_FACT_…` bits.
  var facts: UInt32 { UInt32(bitPattern: answer.facts | failure.facts) }
  var reconciled: Int32 { isReconciled ? 1 : 0 }
  var found: Int32 { isFound ? 1 : 0 }

  /// What can be said to a person about a failure.
  var message: LentText {
    if status == DEEPIDV_OK { return LentText() }
    guard let message = failure.message else {
      return explanation.isEmpty ? LentText(statusText(cause)) : LentText(explanation)
    }
    return saidOfFailure(message)
  }

  /// Reads all that is about the session.
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
