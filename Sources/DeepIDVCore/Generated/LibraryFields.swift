// Generated from Sources/ABI by abigen (make abi). Do not edit.

/// A field of a Create Session request.
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

  /// One value for each text.
  typealias PerText<Value> = [7 of Value]

  /// The numbers that the field may be.
  static var expiresInHoursRange: ClosedRange<Int64> { 1...8760 }

  /// Its row of the table.
  var row: Row {
    switch self {
    case .firstName:
      Row(
        name: "first_name", alias: "firstName",
        content: .text(limit: 65_536), required: true)
    case .lastName:
      Row(
        name: "last_name", alias: "lastName",
        content: .text(limit: 65_536), required: true)
    case .email:
      Row(
        name: "email", alias: "email",
        content: .text(limit: 254), required: true)
    case .phone:
      Row(
        name: "phone", alias: "phone",
        content: .text(limit: 64), required: true)
    case .externalID:
      Row(
        name: "external_id", alias: "externalId",
        content: .text(limit: 65_536))
    case .workflowID:
      Row(
        name: "workflow_id", alias: "workflowId",
        content: .text(limit: 65_536))
    case .redirectURL:
      Row(
        name: "redirect_url", alias: "redirectUrl",
        content: .text(limit: 8192))
    case .sendEmailInvite:
      Row(
        name: "send_email_invite", alias: "sendEmailInvite",
        content: .flag)
    case .sendPhoneInvite:
      Row(
        name: "send_phone_invite", alias: "sendPhoneInvite",
        content: .flag)
    case .expiresInHours:
      Row(
        name: "expires_in_hours", alias: "expiresInHours",
        content: .number)
    }
  }
}
