import Foundation

/// A valid Create Session body.
struct SessionRequest: Codable, Equatable, Sendable {
  var firstName: String
  var lastName: String
  var email: String
  var phone: String
  var externalID: String?
  var sendEmailInvite = true
  var sendPhoneInvite = true
  var workflowID: String?
  var redirectURL: RedirectURL?
  var expiresInHours: Int?
}

/// An invalid body, with one hint per problem, such as `field: must be a string`.
struct InvalidBody: Error, Equatable {
  var hints: [String]
}

extension SessionRequest {
  /// Parses and validates a request body.
  ///
  /// It reports all problems at once.
  init(body: Data) throws(InvalidBody) {
    let members = try SessionRequest.members(of: body)
    let hints = Field.all.compactMap { $0.problem(in: members) }
    guard hints.isEmpty else { throw InvalidBody(hints: hints) }

    func string(_ field: Field) -> String? {
      if case .string(let text)? = field.pick(from: members)?.value { text } else { nil }
    }
    func bool(_ field: Field) -> Bool? {
      if case .bool(let flag)? = field.pick(from: members)?.value { flag } else { nil }
    }
    func integer(_ field: Field) -> Int? {
      if case .integer(let number)? = field.pick(from: members)?.value { number } else { nil }
    }

    // The four required fields are present: otherwise there would be a hint.
    firstName = string(.firstName) ?? ""
    lastName = string(.lastName) ?? ""
    email = string(.email) ?? ""
    phone = string(.phone) ?? ""
    externalID = string(.externalID)
    sendEmailInvite = bool(.sendEmailInvite) ?? true
    sendPhoneInvite = bool(.sendPhoneInvite) ?? true
    workflowID = string(.workflowID)
    redirectURL = string(.redirectURL).flatMap(RedirectURL.init)
    expiresInHours = integer(.expiresInHours)
  }

  private static func members(of body: Data) throws(InvalidBody) -> [String: JSONScalar] {
    // The decoder also accepts UTF-16 and UTF-32, which RFC 8259, section 8.1 does not allow. It
    // limits nesting to 512 levels by itself.
    guard String(validating: body, as: UTF8.self) != nil else {
      throw InvalidBody(hints: ["body: must be UTF-8"])
    }
    do {
      return try JSONDecoder().decode(BodyMembers.self, from: body).values
    } catch {
      throw InvalidBody(hints: ["body: must be a JSON object"])
    }
  }
}
