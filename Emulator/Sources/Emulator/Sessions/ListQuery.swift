import Foundation

/// The query of List Sessions.
struct ListQuery: Sendable {
  /// The selected sessions.
  ///
  /// Only one mode applies; the parameters of the others are ignored.
  enum Scope: Equatable, Sendable {
    case externalID(ExternalID)
    case workflow(String)
    /// All sessions of the caller's organisation.
    case organization
    /// The sessions that the caller created.
    case sender
  }

  /// The start of a page: before an index in the order of creation.
  ///
  /// Sessions that are created while a caller reads pages are newer than those on later pages, so no
  /// session is repeated or skipped.
  struct Cursor: Equatable, Sendable {
    let index: Int

    var token: String { Data("before \(index)".utf8).base64EncodedString() }

    init(index: Int) { self.index = index }

    init?(token: String) {
      guard let data = Data(base64Encoded: token), let text = String(bytes: data, encoding: .utf8),
        text.hasPrefix("before "), let index = Int(text.dropFirst("before ".count)), index >= 0
      else { return nil }
      self.index = index
    }
  }

  var limit = 50
  var before: Cursor?
  /// The range of creation times, in milliseconds, inclusive.
  var from = Int.min
  var end = Int.max
  var scope = Scope.sender

  /// Whether the query of this caller selects a session.
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

/// An invalid query, with one hint per problem, such as `limit: must be an integer`.
struct InvalidQuery: Error, Equatable {
  var hints: [String]
}

extension ListQuery {
  /// Parses the percent-encoded query.
  ///
  /// The first of repeated parameters wins; unknown parameters are ignored.
  init(query: String) throws(InvalidQuery) {
    guard let form = Form(query: query) else {
      throw InvalidQuery(hints: ["query: must be percent-encoded UTF-8"])
    }
    var hints: [String] = []
    func read<Value>(
      _ name: String, mustBe requirement: String, parse: (String) -> Value?
    ) -> Value? {
      guard let text = form[name] else { return nil }
      let value = parse(text)
      if value == nil { hints.append("\(name): must be \(requirement)") }
      return value
    }
    let moment = "an ISO 8601 date, or date and time with a zone"

    limit = read("limit", mustBe: "an integer from 1 to 500", parse: ListQuery.limit) ?? limit
    before = read(
      "next_token", mustBe: "one from an earlier response", parse: Cursor.init(token:))
    from = read("start_date", mustBe: moment, parse: ListQuery.beginning) ?? from
    end = read("end_date", mustBe: moment, parse: ListQuery.end) ?? end
    let wholeOrganization =
      read("by_organization", mustBe: "true or false", parse: { Bool($0) }) ?? false
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

  /// A time in milliseconds; for a date, the end of the day.
  private static func end(_ text: String) -> Int? {
    Timestamp.date(text).map { Timestamp.milliseconds($0.date) + ($0.isDay ? 86_399_999 : 0) }
  }
}
