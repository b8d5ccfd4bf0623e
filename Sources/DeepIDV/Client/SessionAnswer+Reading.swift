import CDeepIDV
import DeepIDVCore

// The parts of a session that C reads, of a result or of a webhook.

extension SessionAnswer {
  /// Returns a text of the session, if there is exactly one.
  @inline(__always)
  private func ofOnlySession(_ part: (Session) -> ByteRange?) -> LentText {
    LentText(sessions.count == 1 ? sessions.at(0).flatMap(part) : nil, of: texts)
  }

  var sessionID: LentText { ofOnlySession { $0.id } }
  var sessionURL: LentText { ofOnlySession { $0.url } }
  var externalID: LentText { ofOnlySession { $0.externalID } }
  var expiresAt: LentText { ofOnlySession { $0.expiresAt } }
  var sessionStatus: LentText { ofOnlySession { $0.status } }
  var sessionProgress: LentText { ofOnlySession { $0.progress } }
  var eventType: LentText { ofOnlySession { $0.eventType } }
  var linkCount: UInt32 { UInt32(clamping: links.count) }

  /// Reads all parts that the record has.
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
