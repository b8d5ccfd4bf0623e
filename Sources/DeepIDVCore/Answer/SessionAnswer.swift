import CDeepIDV

/// What an answer of the service is about.
public enum AnswerForm: Sendable {
  /// Create Session: the session itself.
  case created
  /// Retrieve Session: `{"session_record": {…}, …}`.
  case record
  /// List Sessions: `{"sessions": […], "next_token": …}`.
  case page
}

/// The sessions that an answer speaks of: one, or a page of them.
public struct SessionAnswer: ~Copyable {
  /// What the ranges below are ranges of.
  public private(set) var texts = AnswerTexts()
  /// The sessions that have an id.
  public private(set) var sessions = Buffer<Session>(byteLimit: Int.max)
  /// The links that have a URL.
  public private(set) var links = Buffer<Link>(byteLimit: Int.max)
  /// What asks for the next page; nil on the last.
  public private(set) var nextToken: ByteRange?

  /// A session as the service describes it.
  public struct Session: BitwiseCopyable {
    /// Its id.
    public var id: ByteRange
    /// Where the applicant goes.
    public var url: ByteRange?
    /// The caller's own reference.
    public var externalID: ByteRange?
    /// How it stands, in the service's words.
    public var status: ByteRange?
    /// How far the applicant is.
    public var progress: ByteRange?
    /// When it was created, as it came.
    public var createdAt: ByteRange?
    /// When it expires, as it came.
    public var expiresAt: ByteRange?
  }

  /// A link of the answer.
  ///
  /// Its shape is not settled: `{rel, href}` and `{url, type}` both occur.
  public struct Link: BitwiseCopyable {
    /// Its `href` or `url`.
    public var url: ByteRange?
    /// Its `rel` or `type`.
    public var rel: ByteRange?
  }

  /// Whether an answer was read, as opposed to none.
  public private(set) var isComplete = false

  /// No answer.
  public init() {}

  /// Reads the body of a 2xx answer, or throws the cause for which it is not what was asked for.
  public init(_ body: Span<UInt8>, as form: AnswerForm) throws(AnswerFault) {
    if body.isEmpty { throw AnswerFault(DEEPIDV_E_ANSWER_EMPTY) }
    do throws(BufferError) {
      try texts.reserve(forAnswerOf: body.count)
    } catch {
      throw AnswerFault(DEEPIDV_E_NOMEM)
    }
    var reader = JSONReader()
    let isObject = reader.stepToValue(beginningWith: UInt8(ascii: "{"), in: body)
    var fault: AnswerFault?
    do throws(AnswerFault) {
      switch form {
      case .created: try readSession(&reader, body)
      case .record: try readRecord(&reader, body)
      case .page: try readPage(&reader, body)
      }
    } catch {
      fault = error
    }
    // That it is not JSON is said first: what its members seem to be is then a guess.
    if !isObject || reader.finish(in: body) != nil {
      let isText = body.firstInvalidUTF8() == nil
      throw AnswerFault(isText ? DEEPIDV_E_ANSWER_JSON : DEEPIDV_E_ANSWER_UTF8)
    }
    if let fault { throw fault }
    if form != .page, sessions.isEmpty { throw AnswerFault(DEEPIDV_E_ANSWER_NO_ID) }
    isComplete = true
  }
}

extension SessionAnswer {
  /// Leaves only these of its sessions.
  mutating func replaceSessions(with sessions: consuming Buffer<Session>) {
    self.sessions = sessions
  }
}

/// Why an answer is not what was asked for.
public struct AnswerFault: Error {
  /// The status that says it.
  public var cause: deepidv_status

  init(_ cause: deepidv_status) { self.cause = cause }
}

// MARK: Forms

extension SessionAnswer {
  private mutating func readRecord(
    _ reader: inout JSONReader, _ body: Span<UInt8>
  ) throws(AnswerFault) {
    var seen = false
    guard let object = reader.readObject(in: body) else { return }
    while let name = reader.nextMember(of: object, in: body) {
      guard name.equals("session_record") else { continue }
      if seen { throw AnswerFault(DEEPIDV_E_JSON_DUPLICATE) }
      seen = true
      try readSession(&reader, body)
    }
  }

  private mutating func readPage(
    _ reader: inout JSONReader, _ body: Span<UInt8>
  ) throws(AnswerFault) {
    var seen = false
    guard let object = reader.readObject(in: body) else { return }
    while let name = reader.nextMember(of: object, in: body) {
      switch name {
      case "sessions":
        if seen { throw AnswerFault(DEEPIDV_E_JSON_DUPLICATE) }
        seen = true
        guard let array = reader.readArray(in: body) else {
          throw AnswerFault(DEEPIDV_E_ANSWER_JSON)
        }
        while reader.nextElement(of: array, in: body) { try readSession(&reader, body) }
      case "next_token": nextToken = try keep(reader.readString(in: body), body)
      default: break
      }
    }
    if !seen { throw AnswerFault(DEEPIDV_E_ANSWER_JSON) }
  }

  /// Reads the session that comes next; without an id it is none.
  @inline(never)
  private mutating func readSession(
    _ reader: inout JSONReader, _ body: Span<UInt8>
  ) throws(AnswerFault) {
    let members = SessionMembers(&reader, body)
    // Which of two ids is meant would be a guess.
    if members.isRepeated { throw AnswerFault(DEEPIDV_E_JSON_DUPLICATE) }
    guard let id = try keep(members.id ?? members.olderID, body) else { return }
    let session = Session(
      id: id, url: try keep(members.sessionURL, body),
      externalID: try keep(members.externalID ?? members.externalIDSnake, body),
      status: try keep(members.status, body), progress: try keep(members.progress, body),
      createdAt: try keep(members.createdAt, body), expiresAt: try keep(members.expiresAt, body))
    do throws(BufferError) {
      try sessions.append(session)
    } catch {
      throw AnswerFault(DEEPIDV_E_NOMEM)
    }
    if let reader = members.links { try readLinks(reader, body) }
  }

  @inline(never)
  private mutating func readLinks(_ start: JSONReader, _ body: Span<UInt8>) throws(AnswerFault) {
    var reader = start
    guard let array = reader.readArray(in: body) else { return }
    while reader.nextElement(of: array, in: body) {
      guard let object = reader.readObject(in: body) else { continue }
      var link = Link()
      while let name = reader.nextMember(of: object, in: body) {
        switch name {
        case "href", "url": link.url = try keep(reader.readString(in: body), body) ?? link.url
        case "rel", "type": link.rel = try keep(reader.readString(in: body), body) ?? link.rel
        default: break
        }
      }
      guard link.url != nil else { continue }
      do throws(BufferError) {
        try links.append(link)
      } catch {
        throw AnswerFault(DEEPIDV_E_NOMEM)
      }
    }
  }

  @inline(never)
  private mutating func keep(_ text: JSONText?, _ body: Span<UInt8>) throws(AnswerFault)
    -> ByteRange?
  {
    guard let text else { return nil }
    do throws(BufferError) {
      return try texts.append(text, in: body)
    } catch {
      throw AnswerFault(DEEPIDV_E_NOMEM)
    }
  }
}
