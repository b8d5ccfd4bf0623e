import Foundation

/// What a call of List Sessions asks for.
struct ListQuery: Sendable {
  /// Which sessions are meant.
  ///
  /// One mode applies; what a call says of the others counts for nothing.
  enum Scope: Equatable, Sendable {
    case externalID(ExternalID)
    case workflow(String)
    /// Everything of the caller's organisation.
    case organization
    /// The caller's own.
    case sender
  }

  /// Where a page begins: before a place in the order in which sessions were made.
  ///
  /// Sessions that come in while a caller turns pages are newer than any that is still to come, so
  /// none is shown twice and none is left out.
  struct Cursor: Equatable, Sendable {
    let place: Int

    var token: String { Data("before \(place)".utf8).base64EncodedString() }

    init(place: Int) { self.place = place }

    init?(token: String) {
      guard let data = Data(base64Encoded: token), let text = String(bytes: data, encoding: .utf8),
        text.hasPrefix("before "), let place = Int(text.dropFirst("before ".count)), place >= 0
      else { return nil }
      self.place = place
    }
  }

  var limit = 50
  var before: Cursor?
  /// The first and the last millisecond.
  var from = Int.min
  var end = Int.max
  var scope = Scope.sender

  /// Whether this is one of the sessions that `caller` asks for.
  func selects(_ session: Session, for caller: Caller) -> Bool {
    guard session.organization == caller.organization else { return false }
    let created = Timestamp.milliseconds(session.createdAt)
    guard from <= created, created <= end else { return false }
    return switch scope {
    case .externalID(let id): session.externalID == id
    case .workflow(let id): session.request.workflowID == id
    case .organization: true
    case .sender: session.senderID == caller.userID
    }
  }
}

/// Why a query was refused: `parameter: what it must be`, one hint for each problem.
struct InvalidQuery: Error, Equatable {
  var hints: [String]
}

extension ListQuery {
  /// Reads what stands behind the `?`, percent-encoded.
  ///
  /// Of a parameter that is repeated, the first counts; one that is unknown is ignored.
  init(query: String) throws(InvalidQuery) {
    guard let form = Form(query: query) else {
      throw InvalidQuery(hints: ["query: must be percent-encoded UTF-8"])
    }
    var hints: [String] = []
    func read<Value>(
      _ name: String, _ requirement: String, _ value: (String) -> Value?
    ) -> Value? {
      guard let text = form[name] else { return nil }
      let value = value(text)
      if value == nil { hints.append("\(name): must be \(requirement)") }
      return value
    }
    let moment = "an ISO 8601 date, or date and time with a zone"

    limit = read("limit", "an integer from 1 to 500", ListQuery.limit) ?? limit
    before = read("next_token", "the one of an earlier answer", Cursor.init(token:))
    from = read("start_date", moment, ListQuery.beginning) ?? from
    end = read("end_date", moment, ListQuery.end) ?? end
    let wholeOrganization = read("by_organization", "true or false", Bool.init) ?? false
    if let id = form["external_id"] {
      scope = .externalID(ExternalID(id))
    } else if let id = form["workflow_id"] {
      scope = .workflow(id)
    } else if wholeOrganization {
      scope = .organization
    }
    guard hints.isEmpty else { throw InvalidQuery(hints: hints) }
  }

  private static func limit(_ text: String) -> Int? {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let limit = Int(text), (1...500).contains(limit)
    else { return nil }
    return limit
  }

  private static func beginning(_ text: String) -> Int? {
    Timestamp.date(text).map { Timestamp.milliseconds($0.date) }
  }

  /// The end of a day, if a day is given.
  private static func end(_ text: String) -> Int? {
    Timestamp.date(text).map { Timestamp.milliseconds($0.date) + ($0.isDay ? 86_399_999 : 0) }
  }
}
