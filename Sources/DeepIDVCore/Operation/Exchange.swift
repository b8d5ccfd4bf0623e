/// The kinds of requests to the service, as one table.
public enum Exchange: CaseIterable, Sendable {
  /// Creates a session.
  case create
  /// Lists sessions, to find the one of a create whose outcome is unknown.
  case search
  /// Retrieves a session.
  case retrieve
  /// Lists a page of sessions.
  case list
  /// Verifies or rejects a session.
  case updateStatus

  /// What the transport has to know about an exchange.
  public struct Row: Sendable {
    /// Its HTTP method.
    public var method: Method
    /// What follows the base URL.
    public var path: Path
    /// How a 2xx answer is read.
    public var answer: Answer
    /// The largest body of an answer, in bytes.
    public var answerLimit: Int
    /// What the answer must be about.
    public var subject: Subject
  }

  /// An HTTP method.
  public enum Method: Sendable {
    /// Changes nothing.
    case get
    /// Sends the operation's body and changes something, so that its answer is read even if it was cut off.
    case post
    /// As POST, but changes an existing session.
    case patch
  }

  /// A path of the API.
  public enum Path: Sendable {
    /// `/v1/sessions`.
    case sessions
    /// `/v1/sessions/{id}`.
    case session
    /// `/v1/sessions/{id}/update-status`.
    case updateStatus
    /// `/v1/sessions?external_id=…&limit=…&next_token=…`, with the parameters that were set.
    case page
    /// `/v1/sessions?external_id=…&limit=500`.
    case search
  }

  /// How a 2xx answer is read: an `AnswerForm` without what an operation adds.
  public enum Answer: Sendable {
    case created, record, page, search
  }

  /// What the answer must be about, so that it is not mistaken for another's.
  ///
  /// Bytes left on a connection can look like an answer, and a proxy may return another's answer.
  public enum Subject: Sendable {
    /// The create's external id, if it has one.
    case externalID
    /// The session's id, or the external id by which a list is filtered.
    case asked
  }

  /// The table.
  ///
  /// The answer to a create has a few hundred bytes; a page may have 500 long records.
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
  /// Appends what follows `/v1/sessions`.
  ///
  /// - Parameters:
  ///   - subject: The session's id, or the external id to search or filter by; empty for none.
  ///   - limit: The most sessions on a page; 0 leaves it to the service.
  ///   - token: The token of the page; empty for the first.
  public func append(
    to url: inout ByteBuffer, subject: Span<UInt8>, limit: Int, token: Span<UInt8>
  ) throws(BufferError) {
    switch self {
    case .sessions: return
    case .session, .updateStatus:
      try url.append("/")
      try url.append(percentEncoded: subject)
      if self == .updateStatus { try url.append("/update-status") }
    // The largest page: an id that is reused for every visit of a customer has many sessions.
    case .search:
      try appendQuery(to: &url, externalID: subject, limit: pageLimit, token: Span())
    case .page: try appendQuery(to: &url, externalID: subject, limit: limit, token: token)
    }
  }

  private func appendQuery(
    to url: inout ByteBuffer, externalID: Span<UInt8>, limit: Int, token: Span<UInt8>
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
