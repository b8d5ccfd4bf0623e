/// One field of the Create Session body: both spellings, whether it is required, and its rule.
struct Field: Sendable {
  /// The snake_case spelling.
  let name: String
  /// The camelCase spelling, which wins if both are present; `name` if there is only one.
  let alias: String
  let isRequired: Bool
  let rule: Rule

  private init(_ name: String, alias: String, _ rule: Rule, required: Bool = false) {
    self.name = name
    self.alias = alias
    self.rule = rule
    isRequired = required
  }
}

extension Field {
  static let firstName = Field("first_name", alias: "firstName", .filledText, required: true)
  static let lastName = Field("last_name", alias: "lastName", .filledText, required: true)
  static let email = Field("email", alias: "email", .email, required: true)
  static let phone = Field("phone", alias: "phone", .phone, required: true)
  static let externalID = Field("external_id", alias: "externalId", .text)
  static let sendEmailInvite = Field("send_email_invite", alias: "sendEmailInvite", .flag)
  static let sendPhoneInvite = Field("send_phone_invite", alias: "sendPhoneInvite", .flag)
  static let workflowID = Field("workflow_id", alias: "workflowId", .text)
  static let redirectURL = Field("redirect_url", alias: "redirectUrl", .redirectURL)
  static let expiresInHours = Field("expires_in_hours", alias: "expiresInHours", .hours)

  /// All fields, in the order of the hints.
  static let all = [
    firstName, lastName, email, phone, externalID, sendEmailInvite, sendPhoneInvite, workflowID,
    redirectURL, expiresInHours,
  ]
}

extension Field {
  /// The field's value and its spelling in the body; nil if the field is absent.
  ///
  /// `null` counts as absent, so a camelCase `null` does not win.
  func pick(from members: [String: JSONScalar]) -> (spelling: String, value: JSONScalar)? {
    for spelling in [alias, name] {
      if let value = members[spelling], value != .null { return (spelling, value) }
    }
    return nil
  }

  /// The hint for an invalid field; nil if it is valid.
  ///
  /// It has the spelling in the body. It never contains the value, which is personal data.
  func problem(in members: [String: JSONScalar]) -> String? {
    guard let (spelling, value) = pick(from: members) else {
      return isRequired ? "\(name): is required" : nil
    }
    return rule.problem(of: value).map { "\(spelling): \($0)" }
  }
}
