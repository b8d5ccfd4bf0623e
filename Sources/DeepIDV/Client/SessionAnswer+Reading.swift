import CDeepIDV
import DeepIDVCore

// What C reads of a session's record, piece by piece or all at once.

extension SessionAnswer {
  /// What is said of the session, if it is about one: of several, none is the one.
  @inline(__always)
  private func ofTheSession(_ part: (Session) -> ByteRange?) -> LentText {
    LentText(sessions.withSpan { $0.count == 1 ? part($0[0]) : nil }, of: texts)
  }

  var sessionID: LentText { ofTheSession { $0.id } }
  var sessionURL: LentText { ofTheSession { $0.url } }
  var externalID: LentText { ofTheSession { $0.externalID } }
  var expiresAt: LentText { ofTheSession { $0.expiresAt } }
  var sessionStatus: LentText { ofTheSession { $0.status } }
  var sessionProgress: LentText { ofTheSession { $0.progress } }
  var eventType: LentText { ofTheSession { $0.eventType } }
  var linkCount: UInt32 { UInt32(clamping: links.count) }

  /// Reads all that the record says.
  func read(into session: inout deepidv_session) {
    (session.id, session.id_len) = sessionID.parts
    (session.url, session.url_len) = sessionURL.parts
    (session.external_id, session.external_id_len) = externalID.parts
    (session.expires_at, session.expires_at_len) = expiresAt.parts
    (session.status, session.status_len) = sessionStatus.parts
    (session.progress, session.progress_len) = sessionProgress.parts
    session.link_count = linkCount
    session.facts = UInt32(bitPattern: facts)
  }
}
