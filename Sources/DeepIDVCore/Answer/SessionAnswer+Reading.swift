import CDeepIDV

// MARK: Forms

extension SessionAnswer {
  /// Reads a record, which is a member; of an event, also its type.
  mutating func readRecord(
    _ reader: inout JSONReader, _ body: Span<UInt8>, _ subject: Span<UInt8>,
    _ plainHosts: Span<UInt8>
  ) throws(AnswerFault) {
    var isEvent = false
    if case .event = form { isEvent = true }
    var seen = false
    var hasType = false
    var type: ByteRange?
    guard let object = reader.readObject(in: body) else { return }
    let names: StaticString = isEvent ? "\u{04}data\u{04}type" : "\u{0E}session_record"
    while let row = reader.nextMember(of: object, among: JSONNames(names), in: body) {
      if row == 0 {
        if seen { throw AnswerFault(DEEPIDV_E_JSON_DUPLICATE) }
        seen = true
        try readSession(&reader, body, subject, plainHosts)
      } else {
        if hasType { throw AnswerFault(DEEPIDV_E_JSON_DUPLICATE) }
        hasType = true
        type = try keep(reader.readString(in: body), body, upTo: longestEventType)
      }
    }
    guard isEvent, var session = sessions.at(0) else { return }
    guard let type, !type.isEmpty else { throw AnswerFault(DEEPIDV_E_ANSWER_JSON) }
    session[.eventType] = type
    _ = sessions.replace(at: 0, with: session)
  }

  mutating func readPage(
    _ reader: inout JSONReader, _ body: Span<UInt8>, _ subject: Span<UInt8>,
    _ token: Span<UInt8>, _ plainHosts: Span<UInt8>
  ) throws(AnswerFault) {
    var seen = false
    var hasToken = false
    guard let object = reader.readObject(in: body) else { return }
    let names = JSONNames("\u{08}sessions\u{0A}next_token")
    while let row = reader.nextMember(of: object, among: names, in: body) {
      if row == 0 {
        if seen { throw AnswerFault(DEEPIDV_E_JSON_DUPLICATE) }
        seen = true
        guard let array = reader.readArray(in: body) else {
          throw AnswerFault(DEEPIDV_E_ANSWER_JSON)
        }
        while reader.nextElement(of: array, in: body) {
          try readSession(&reader, body, subject, plainHosts)
        }
      } else {
        if hasToken { throw AnswerFault(DEEPIDV_E_JSON_DUPLICATE) }
        hasToken = true
        try readToken(&reader, body, after: token)
      }
    }
    if !seen { throw AnswerFault(DEEPIDV_E_ANSWER_JSON) }
  }

  /// Reads what asks for the next page.
  ///
  /// One that cannot be sent back is refused: without it the page would be taken for the last.
  private mutating func readToken(
    _ reader: inout JSONReader, _ body: Span<UInt8>, after token: Span<UInt8>
  ) throws(AnswerFault) {
    switch reader.next(in: body) {
    case .null, .failure: return
    case .string(let text):
      // An empty one cannot be asked with, and ends a list as null does.
      if text.length == 0 { return }
      if case .search = form { break }
      if !token.isEmpty, text.equals(token, in: body) { throw AnswerFault(DEEPIDV_E_ANSWER_LOOP) }
      nextToken = try keep(text, body, upTo: longestPageToken)
      if nextToken != nil { return }
    default: break
    }
    guard case .search = form else { throw AnswerFault(DEEPIDV_E_ANSWER_JSON) }
    isConclusive = false
  }
}

// MARK: Sessions

extension SessionAnswer {
  /// Reads the session that comes next.
  ///
  /// Without an id it is not a session.
  @_optimize(speed) @inline(never)
  mutating func readSession(
    _ reader: inout JSONReader, _ body: Span<UInt8>, _ subject: Span<UInt8>,
    _ plainHosts: Span<UInt8>
  ) throws(AnswerFault) {
    // One for each case of SessionMember.
    var values = [12 of JSONText](repeating: .none)
    _ = reader.nextByte(in: body)
    let position = reader.position
    var found = values.mutableSpan
    // Choosing between two ids would be a guess.
    if reader.readMembers(SessionMember.names, in: body, into: &found) {
      throw AnswerFault(DEEPIDV_E_JSON_DUPLICATE)
    }
    let members = values.span
    let start = texts.count
    do throws(BufferError) {
      // All at once, so that nothing is moved later; and no more, because a result keeps it.
      try texts.reserve(members.sizeOfTexts)
    } catch {
      throw AnswerFault(DEEPIDV_E_NOMEM)
    }
    guard let id = try keepID(of: members, body, subject) else {
      if isOfPage { try passOver(members, body, subject) }
      return
    }
    let externalID = members.externalID(preferring: subject, in: body)
    let isForeign = externalID.map { !$0.equals(subject, in: body) }
    switch form {
    case .record, .event: break
    case .created:
      // That a service leaves it out is likelier than that this is another's.
      if isForeign == true, !subject.isEmpty { throw AnswerFault(DEEPIDV_E_ANSWER_FOREIGN) }
    case .page:
      // Without an external id it did not match the filter: the service ignored the filter.
      if isForeign != false, !subject.isEmpty { throw AnswerFault(DEEPIDV_E_ANSWER_FOREIGN) }
    case .search:
      guard try isSought(members, body, subject) else { return texts.shorten(to: start) }
    }
    if sessions.count >= sessionLimit {
      facts |= DEEPIDV_RESULT_FACT_MORE_SESSIONS
      return texts.shorten(to: start)
    }
    var session = Session()
    session[.id] = id
    session[.url] = try keepURL(members[.sessionURL], body, plainHosts)
    session[.externalID] = try keep(externalID, body, from: .caller)
    for row in SessionMember.plain {
      guard let text = members.text(row), let part = Session.Part(rawValue: row) else {
        continue
      }
      session[part] = try keep(text, body)
    }
    session[.record] = ByteRange(position, reader.position)
    do throws(BufferError) {
      try sessions.append(session)
    } catch {
      throw AnswerFault(DEEPIDV_E_NOMEM)
    }
    let links = members.reader(SessionMember.links.rawValue)
    if let links { try readLinks(links, body, plainHosts) }
  }

  /// How many are kept: as many as were requested.
  private var sessionLimit: Int {
    switch form {
    case .created, .record, .event: 1
    case .page(let limit): limit
    case .search: pageLimit
    }
  }

  /// Takes the id by which a session is known.
  private mutating func keepID(
    of members: Span<JSONText>, _ body: Span<UInt8>, _ subject: Span<UInt8>
  ) throws(AnswerFault) -> ByteRange? {
    var isForeign = false
    if case .record = form, !subject.isEmpty {
      if let asked = members.id(equalTo: subject, in: body) {
        return try keepID(asked, body)
      }
      isForeign = true
    }
    for number in 0..<SessionMember.idCount {
      guard let id = try keepID(members.id(number), body) else { continue }
      if isForeign { throw AnswerFault(DEEPIDV_E_ANSWER_FOREIGN) }
      return id
    }
    return nil
  }

  private mutating func keepID(
    _ text: JSONText?, _ body: Span<UInt8>
  ) throws(AnswerFault) -> ByteRange? {
    guard let text, text.length > 0 else { return nil }
    return try keep(text, body, upTo: longestIDInURL)
  }

  /// Whether a session with an id is one that is searched for.
  private mutating func isSought(
    _ members: Span<JSONText>, _ body: Span<UInt8>, _ subject: Span<UInt8>
  ) throws(AnswerFault) -> Bool {
    guard case .search(let search) = form else { return false }
    guard let externalID = members.externalID(preferring: subject, in: body) else {
      isInDoubt = true
      return false
    }
    guard externalID.equals(subject, in: body) else { return false }
    if search.isForAnyAge { return true }
    let createdAt = try keep(members[.createdAt], body)
    let matches = createdAt.flatMap { createdAt in
      texts.withSpan { search.matches(createdAt: $0.part(createdAt)) }
    }
    if matches == nil { isInDoubt = true }
    return matches == true
  }

  /// Records that an element of a page has no id.
  private mutating func passOver(
    _ members: Span<JSONText>, _ body: Span<UInt8>, _ subject: Span<UInt8>
  ) throws(AnswerFault) {
    guard case .search = form else {
      facts |= DEEPIDV_RESULT_FACT_MORE_SESSIONS
      return
    }
    let start = texts.count
    if try isSought(members, body, subject) {
      isInDoubt = true
      // Whatever has no id at all is no session.
      if members.hasID { isConclusive = false }
    }
    texts.shorten(to: start)
  }

  @inline(never)
  private mutating func readLinks(
    _ start: JSONReader, _ body: Span<UInt8>, _ plainHosts: Span<UInt8>
  ) throws(AnswerFault) {
    var reader = start
    guard let array = reader.readArray(in: body) else { return }
    while reader.nextElement(of: array, in: body) {
      var values = [4 of JSONText](repeating: .none)
      var found = values.mutableSpan
      let names = JSONNames("\u{04}href\u{03}url\u{03}rel\u{04}type")
      _ = reader.readMembers(names, in: body, into: &found)
      let members = values.span
      guard let url = members.text(0) ?? members.text(1) else { continue }
      let rel = members.text(2) ?? members.text(3)
      guard links.count < answerListLimit, let kept = try keep(browsable: url, body, plainHosts)
      else {
        facts |= DEEPIDV_RESULT_FACT_MORE_LINKS
        continue
      }
      let link = Link(url: kept, rel: try keep(rel, body))
      do throws(BufferError) {
        try links.append(link)
      } catch {
        throw AnswerFault(DEEPIDV_E_NOMEM)
      }
    }
  }
}

// MARK: Texts

extension SessionAnswer {
  private mutating func keepURL(
    _ text: JSONText?, _ body: Span<UInt8>, _ plainHosts: Span<UInt8>
  ) throws(AnswerFault) -> ByteRange? {
    guard let text else { return nil }
    let url = try keep(browsable: text, body, plainHosts)
    if url == nil { facts |= DEEPIDV_RESULT_FACT_SESSION_URL_REFUSED }
    return url
  }

  /// Adds a URL if a browser may be sent there.
  private mutating func keep(
    browsable text: JSONText, _ body: Span<UInt8>, _ plainHosts: Span<UInt8>
  ) throws(AnswerFault) -> ByteRange? {
    guard let url = try keep(text, body, from: .ruledOtherwise) else { return nil }
    let isFit = texts.withSpan {
      isBrowserURL($0.part(url), plainHosts: plainHosts)
    }
    if isFit { return url }
    texts.shorten(to: url.start)
    return nil
  }

  /// Adds a text of at most `limit` bytes.
  ///
  /// Returns nil if it is longer or unclear.
  @inline(never)
  private mutating func keep(
    _ text: JSONText?, _ body: Span<UInt8>, upTo limit: Int = .max,
    from origin: AnswerTexts.Origin = .service
  ) throws(AnswerFault) -> ByteRange? {
    guard let text else { return nil }
    do throws(BufferError) {
      if text.isPrintable {
        return text.length <= limit ? try texts.append(printableASCII: text, in: body) : nil
      }
      guard let range = try texts.append(text, in: body, from: origin) else {
        return nil
      }
      if range.count <= limit { return range }
      texts.shorten(to: range.start)
      return nil
    } catch {
      throw AnswerFault(DEEPIDV_E_NOMEM)
    }
  }
}
