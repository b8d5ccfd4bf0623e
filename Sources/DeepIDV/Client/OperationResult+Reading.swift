import CDeepIDV
import DeepIDVCore

// The parts of a result that C reads: each by its own function, and a session's all at once.

extension OperationResult {
  /// Returns a text of the session, if there is exactly one.
  @inline(__always)
  private func ofOnlySession(_ part: (SessionAnswer.Session) -> ByteRange?) -> LentText {
    sessionText(answer.sessions.withSpan { $0.count == 1 ? part($0[0]) : nil })
  }

  /// Returns a text of the sessions in the answer.
  func sessionText(_ range: ByteRange?) -> LentText { LentText(range, of: answer.texts) }

  /// Returns a text of the failure in the answer.
  func failureText(_ range: ByteRange?) -> LentText { LentText(range, of: failure.texts) }

  var sessionID: LentText { ofOnlySession { $0.id } }
  var sessionURL: LentText { ofOnlySession { $0.url } }
  var expiresAt: LentText { ofOnlySession { $0.expiresAt } }
  var sessionStatus: LentText { ofOnlySession { $0.status } }
  var sessionProgress: LentText { ofOnlySession { $0.progress } }

  /// The external id that the service returned, else the one that it was sent.
  var knownExternalID: LentText {
    let returned = ofOnlySession { $0.externalID }
    return returned.start == nil ? LentText(externalID) : returned
  }

  /// The body of the answer, unchanged.
  var json: LentText { LentText(responseBody) }

  var linkCount: UInt32 { UInt32(clamping: answer.links.count) }
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

  /// All parts of the session.
  var session: deepidv_session {
    var session = deepidv_session()
    (session.id, session.id_len) = sessionID.parts
    (session.url, session.url_len) = sessionURL.parts
    (session.external_id, session.external_id_len) = knownExternalID.parts
    (session.expires_at, session.expires_at_len) = expiresAt.parts
    (session.status, session.status_len) = sessionStatus.parts
    (session.progress, session.progress_len) = sessionProgress.parts
    (session.json, session.json_len) = json.parts
    session.elapsed_us = elapsedMicroseconds
    session.http_status = httpStatus
    session.attempts = attempts
    session.link_count = linkCount
    session.reconciled = reconciled
    session.verdict = verdict
    session.facts = facts
    session.found = found
    return session
  }
}
