/// What is asked of the service in one exchange, as one table: a row for each kind of question.
public enum Exchange: CaseIterable, Sendable {
  /// The create itself.
  case create
  /// A page of sessions among which that of a lost create may be.
  case search
  /// One session.
  case retrieve
  /// A page of sessions.
  case list
  /// A decision about a session.
  case updateStatus

  /// What the transport has to know of an exchange.
  public struct Row: Sendable {
    /// Its HTTP method.
    public var method: Method
    /// What follows the base URL.
    public var path: Path
    /// What a 2xx answer is read as.
    public var answer: Answer
    /// How many bytes of an answer's body are taken.
    public var answerLimit: Int
    /// What the answer has to be about.
    public var subject: Subject
  }

  /// How it is asked.
  public enum Method: Sendable {
    /// It changes nothing.
    case get
    /// With the operation's body; it changes something, so that its answer is read even where the rest was refused.
    case post
    /// The same, as a change of what there is.
    case patch
  }

  /// Where it is asked.
  public enum Path: Sendable {
    /// `/v1/sessions`.
    case sessions
    /// `/v1/sessions/{id}`.
    case session
    /// `/v1/sessions/{id}/update-status`.
    case updateStatus
    /// `/v1/sessions?external_id=…&limit=…&next_token=…`, of these what was asked for.
    case page
    /// `/v1/sessions?external_id=…&limit=500`.
    case search
  }

  /// What a 2xx answer is read as: an `AnswerForm` without what an operation adds.
  public enum Answer: Sendable {
    case created, record, page, search
  }

  /// What the answer has to be about, so that no other's is taken for it.
  ///
  /// Bytes that were left on a connection can look like an answer, and services answer for one another.
  public enum Subject: Sendable {
    /// The external id of the create; none if it has none.
    case externalID
    /// What was asked for: the session's id, or the external id that a list is of.
    case asked
  }

  /// The table.
  ///
  /// The answer to a create has a few hundred bytes; a page may hold 500 long records.
  public var row: Row {
    switch self {
    case .create:
      Row(
        method: .post, path: .sessions, answer: .created, answerLimit: 4 << 20, subject: .externalID
      )
    case .search:
      Row(
        method: .get, path: .search, answer: .search, answerLimit: 32 << 20, subject: .externalID)
    case .retrieve:
      Row(method: .get, path: .session, answer: .record, answerLimit: 32 << 20, subject: .asked)
    case .list:
      Row(method: .get, path: .page, answer: .page, answerLimit: 32 << 20, subject: .asked)
    case .updateStatus:
      Row(
        method: .patch, path: .updateStatus, answer: .record, answerLimit: 32 << 20, subject: .asked
      )
    }
  }
}

extension Exchange.Path {
  /// Adds what follows `/v1/sessions`.
  ///
  /// - Parameters:
  ///   - subject: The session's id, or the external id that is searched for or listed by; empty for none.
  ///   - limit: How many sessions a page may have; 0 leaves it to the service.
  ///   - token: Where the page before ended; empty for the first.
  public func append(
    to url: inout ByteBuffer, subject: Span<UInt8>, limit: Int, token: Span<UInt8>
  ) throws(BufferError) {
    switch self {
    case .sessions: return
    case .session, .updateStatus:
      try url.append("/")
      try url.append(percentEncoded: subject)
      if self == .updateStatus { try url.append("/update-status") }
    // As many as there can be: an id that is used for every visit of a customer has many sessions.
    case .search: try appendQuery(to: &url, subject, limit: pageLimit, Span())
    case .page: try appendQuery(to: &url, subject, limit: limit, token)
    }
  }

  private func appendQuery(
    to url: inout ByteBuffer, _ externalID: Span<UInt8>, limit: Int, _ token: Span<UInt8>
  ) throws(BufferError) {
    var separator: StaticString = "?"
    if !externalID.isEmpty {
      try url.append("?external_id=")
      try url.append(percentEncoded: externalID)
      separator = "&"
    }
    if limit > 0 {
      try url.append(separator)
      try url.append("limit=")
      try url.append(decimal: Int64(limit))
      separator = "&"
    }
    if !token.isEmpty {
      try url.append(separator)
      try url.append("next_token=")
      try url.append(percentEncoded: token)
    }
  }
}
