/// A field of a Create Session request.
///
/// The table of the fields: their names, limits, and which are required.
public enum Field: Int, Sendable {
  // Texts come first: their numbers are places in `SessionRequest`'s storage.
  case firstName
  case lastName
  case email
  case phone
  case externalID
  case workflowID
  case redirectURL
  case sendEmailInvite
  case sendPhoneInvite
  case expiresInHours

  static let textCount = 7
  static let count = 10

  /// The kind of a field's value.
  public enum Content: Equatable {
    /// A text with a limit in bytes.
    case text(limit: Int)
    case flag
    case hours
  }

  /// A row of the table.
  struct Row {
    var name: StaticString
    var alias: StaticString
    var content: Content
    var required = false
  }

  var row: Row {
    switch self {
    case .firstName:
      Row(
        name: "first_name", alias: "firstName", content: .text(limit: longestText), required: true)
    case .lastName:
      Row(name: "last_name", alias: "lastName", content: .text(limit: longestText), required: true)
    case .email: Row(name: "email", alias: "email", content: .text(limit: 254), required: true)
    case .phone: Row(name: "phone", alias: "phone", content: .text(limit: 64), required: true)
    case .externalID:
      Row(name: "external_id", alias: "externalId", content: .text(limit: longestText))
    case .workflowID:
      Row(name: "workflow_id", alias: "workflowId", content: .text(limit: longestText))
    case .redirectURL: Row(name: "redirect_url", alias: "redirectUrl", content: .text(limit: 8192))
    case .sendEmailInvite: Row(name: "send_email_invite", alias: "sendEmailInvite", content: .flag)
    case .sendPhoneInvite: Row(name: "send_phone_invite", alias: "sendPhoneInvite", content: .flag)
    case .expiresInHours: Row(name: "expires_in_hours", alias: "expiresInHours", content: .hours)
    }
  }

  /// Its name on the wire and in error reports, in snake_case.
  public var name: StaticString { row.name }

  /// The field after this one.
  var next: Field? { Field(rawValue: rawValue + 1) }
}
