import CDeepIDV
import DeepIDVCore

// What C reads of a result, piece by piece or all that is about the session at once.

extension OperationResult {
  /// What is said of the session, if it is about one: of several, none is the one.
  @inline(__always)
  private func ofTheSession(_ part: (SessionAnswer.Session) -> ByteRange?) -> LentText {
    said(answer.sessions.withSpan { $0.count == 1 ? part($0[0]) : nil })
  }

  /// A part of what the service said of sessions.
  func said(_ range: ByteRange?) -> LentText { LentText(range, of: answer.texts) }

  /// A part of what the service said of a failure.
  func saidOfFailure(_ range: ByteRange?) -> LentText { LentText(range, of: failure.texts) }

  var sessionID: LentText { ofTheSession { $0.id } }
  var sessionURL: LentText { ofTheSession { $0.url } }
  var expiresAt: LentText { ofTheSession { $0.expiresAt } }
  var sessionStatus: LentText { ofTheSession { $0.status } }
  var sessionProgress: LentText { ofTheSession { $0.progress } }

  /// What the service said, else what it was sent.
  var knownExternalID: LentText {
    let said = ofTheSession { $0.externalID }
    return said.start == nil ? LentText(externalID) : said
  }

  /// The raw responseBody.
  var json: LentText { LentText(responseBody) }

  var linkCount: UInt32 { UInt32(clamping: answer.links.count) }
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

  /// All that is about the session.
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
