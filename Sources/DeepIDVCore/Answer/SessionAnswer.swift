import CDeepIDV

/// What the service says of a session it has created.
public struct SessionAnswer: ~Copyable {
  /// What the ranges below are ranges of.
  public private(set) var texts = AnswerTexts()
  /// The session's id; nil if there is no session.
  public private(set) var id: ByteRange?
  /// Where the applicant goes.
  public private(set) var sessionURL: ByteRange?
  /// The caller's own reference.
  public private(set) var externalID: ByteRange?
  /// When the session expires, as it came.
  public private(set) var expiresAt: ByteRange?
  /// The links that have a URL.
  public private(set) var links = Buffer<Link>(byteLimit: Int.max)

  /// A link of the answer.
  ///
  /// Its shape is not settled: `{rel, href}` and `{url, type}` both occur.
  public struct Link: BitwiseCopyable {
    /// Its `href` or `url`.
    public var url: ByteRange?
    /// Its `rel` or `type`.
    public var rel: ByteRange?
  }

  /// No session.
  public init() {}

  /// Reads the body of a 2xx answer, or throws the cause for which it names no session.
  public init(_ body: Span<UInt8>) throws(AnswerFault) {
    if body.isEmpty { throw AnswerFault(DEEPIDV_E_ANSWER_EMPTY) }
    if body.firstInvalidUTF8() != nil { throw AnswerFault(DEEPIDV_E_ANSWER_UTF8) }
    let members = try Members(body)
    guard let id = members.id else { throw AnswerFault(DEEPIDV_E_ANSWER_NO_ID) }
    do throws(BufferError) {
      try texts.reserve(forAnswerOf: body.count)
      self.id = try texts.append(id, in: body)
      if let text = members.sessionURL { sessionURL = try texts.append(text, in: body) }
      if let text = members.externalID { externalID = try texts.append(text, in: body) }
      if let text = members.expiresAt { expiresAt = try texts.append(text, in: body) }
      if let reader = members.links { try readLinks(reader, body) }
    } catch {
      throw AnswerFault(DEEPIDV_E_NOMEM)
    }
  }

  private mutating func readLinks(_ start: JSONReader, _ body: Span<UInt8>) throws(BufferError) {
    var reader = start
    guard let array = reader.readArray(in: body) else { return }
    while reader.nextElement(of: array, in: body) {
      guard let object = reader.readObject(in: body) else { continue }
      var link = Link()
      while let name = reader.nextMember(of: object, in: body) {
        switch name {
        case "href", "url":
          if let text = reader.readString(in: body) { link.url = try texts.append(text, in: body) }
        case "rel", "type":
          if let text = reader.readString(in: body) { link.rel = try texts.append(text, in: body) }
        default: break
        }
      }
      if link.url != nil { try links.append(link) }
    }
  }
}

/// Why an answer names no session.
public struct AnswerFault: Error {
  /// The status that says it.
  public var cause: deepidv_status

  init(_ cause: deepidv_status) { self.cause = cause }
}

/// Where the members stand that an answer is read for.
private struct Members {
  var id: JSONText?
  var sessionURL: JSONText?
  var externalID: JSONText?
  var expiresAt: JSONText?
  var links: JSONReader?

  private enum Name: UInt8 {
    case id, idvID, sessionID, sessionURL, externalID, externalIDSnake, expiresAt, links
  }

  init(_ body: Span<UInt8>) throws(AnswerFault) {
    var reader = JSONReader()
    var seen = JSONMemberSet<Name>()
    var repeated = false
    var olderID: JSONText?
    var snakeExternalID: JSONText?
    guard let object = reader.readObject(in: body) else { throw AnswerFault(DEEPIDV_E_ANSWER_JSON) }
    while let name = reader.nextMember(of: object, in: body) {
      let member: Name
      switch name {
      case "id": member = .id
      case "idv_id": member = .idvID
      case "session_id": member = .sessionID
      case "session_url": member = .sessionURL
      case "externalId": member = .externalID
      case "external_id": member = .externalIDSnake
      case "expires_at": member = .expiresAt
      case "links": member = .links
      default: continue
      }
      if !seen.insert(member) { repeated = true }
      if member == .links {
        links = reader
        continue
      }
      guard let text = reader.readString(in: body) else { continue }
      switch member {
      case .id: if text.length > 0 { id = text }
      // Older pages of the vendor call it so.
      case .idvID, .sessionID: if text.length > 0 { olderID = text }
      case .sessionURL: sessionURL = text
      case .externalID: externalID = text
      case .externalIDSnake: snakeExternalID = text
      case .expiresAt: expiresAt = text
      case .links: break
      }
    }
    if reader.finish(in: body) != nil { throw AnswerFault(DEEPIDV_E_ANSWER_JSON) }
    // Which of two ids is meant would be a guess.
    if repeated { throw AnswerFault(DEEPIDV_E_JSON_DUPLICATE) }
    id = id ?? olderID
    externalID = externalID ?? snakeExternalID
  }
}
