import Foundation

/// An e-mail or a text message that the service would have sent to an applicant.
struct Message: Encodable, Sendable {
  enum Channel: String, Encodable, Sendable { case email, sms }

  let id: String
  let channel: Channel
  let to: String
  /// Nil for a text message.
  let subject: String?
  let text: String
  /// The session URL in the text.
  let link: String
  let sessionID: String
  let sentAt: String

  private enum CodingKeys: String, CodingKey {
    case id, channel, to, subject, text, link
    case sessionID = "session_id"
    case sentAt = "sent_at"
  }
}

extension Session {
  /// The invitations that the service would have sent when the session was created.
  ///
  /// They are derived from the session, so they are not stored.
  func messages(link: String) -> [Message] {
    var messages: [Message] = []
    let sentAt = Timestamp.text(createdAt)
    if request.sendEmailInvite {
      messages.append(
        Message(
          id: "\(id)_email", channel: .email, to: request.email,
          subject: "Verify your identity",
          text: """
            Hello \(request.firstName),

            You have been asked to verify your identity. Have your identity document ready:

            \(link)
            """,
          link: link, sessionID: id, sentAt: sentAt))
    }
    if request.sendPhoneInvite {
      messages.append(
        Message(
          id: "\(id)_sms", channel: .sms, to: request.phone, subject: nil,
          text: "Verify your identity: \(link)", link: link, sessionID: id, sentAt: sentAt))
    }
    return messages
  }
}
