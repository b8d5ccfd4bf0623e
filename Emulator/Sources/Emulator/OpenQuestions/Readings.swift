/// The chosen readings of the open questions.
///
/// The first case of each is the default.
struct Readings: Equatable, Sendable {
  enum InvalidBody: String, Reading { case message, error }
  enum UnknownKeyBody: String, Reading { case error, detail }
  enum MissingKey: String, Reading {
    case unauthorized = "401"
    case forbidden = "403"
  }
  enum NoTokensBody: String, Reading { case text, error }
  enum RetryAfter: String, Reading { case absent, seconds, date }
  enum IDField: String, Reading {
    case id
    case idvID = "idv_id"
    case sessionID = "session_id"
  }
  enum SessionID: String, Reading { case opaque, uuid }
  enum SessionURL: String, Reading { case full, bare }
  enum Links: String, Reading { case empty, rel, type }
  enum RedirectJoin: String, Reading {
    case merge
    case questionMark = "question-mark"
    case afterFragment = "after-fragment"
  }
  enum RedirectNames: String, Reading { case reference, guide }
  enum RedirectOrder: String, Reading {
    case idFirst = "id-first"
    case statusFirst = "status-first"
  }
  enum RedirectRepeats: String, Reading { case no, yes }
  enum Location: String, Reading { case absent, object, string, null }
  enum Abandoned: String, Reading { case pending, voided }
  enum UpdateStatus: String, Reading { case any, submitted }

  var invalidBody = InvalidBody.message
  var unknownKeyBody = UnknownKeyBody.error
  var missingKey = MissingKey.unauthorized
  var noTokensBody = NoTokensBody.text
  var retryAfter = RetryAfter.absent
  var idField = IDField.id
  var sessionID = SessionID.opaque
  var sessionURL = SessionURL.full
  var links = Links.empty
  var redirectJoin = RedirectJoin.merge
  var redirectNames = RedirectNames.reference
  var redirectOrder = RedirectOrder.idFirst
  var redirectRepeats = RedirectRepeats.no
  var location = Location.absent
  var abandoned = Abandoned.pending
  var updateStatus = UpdateStatus.any
}

/// The possible readings of an open question.
protocol Reading: RawRepresentable<String>, CaseIterable, Equatable, Sendable {}
