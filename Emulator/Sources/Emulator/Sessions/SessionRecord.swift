import Foundation

/// A session as it is retrieved and listed.
struct SessionRecord: Encodable {
  let id: String
  let organizationID: String
  let userID: String
  let senderUserID: String
  let externalID: String?
  let status: Status
  let type: Kind
  let progress: Progress
  let workflowID: String?
  let redirectURL: String?
  let createdAt: String
  let updatedAt: String
  let submittedAt: String?
  let expiresAt: String?

  /// An open set, of which the emulator uses three.
  enum Status: String, Encodable {
    case pending = "PENDING"
    case submitted = "SUBMITTED"
    case failed = "FAILED"
  }

  /// An open set too; the names of its members are nowhere documented.
  enum Kind: String, Encodable {
    case verification = "VERIFICATION"
    case workflow = "WORKFLOW"
  }

  enum Progress: String, Encodable {
    case pending = "PENDING"
    case started = "STARTED"
    case completed = "COMPLETED"
  }

  private enum CodingKeys: String, CodingKey {
    case id
    case organizationID = "organization_id"
    case userID = "user_id"
    case senderUserID = "sender_user_id"
    case externalID = "external_id"
    case status
    case type
    case progress = "session_progress"
    case workflowID = "workflow_id"
    case redirectURL = "redirect_url"
    case createdAt = "created_at"
    case updatedAt = "updated_at"
    case submittedAt = "submitted_at"
    case expiresAt = "expires_at"
  }

  init(_ session: Session, organization: String) {
    id = session.id
    organizationID = organization
    userID = session.userID
    senderUserID = session.sender.userID
    externalID = session.request.externalID
    (status, progress) = SessionRecord.standing(after: session.outcome)
    type = session.request.workflowID == nil ? .verification : .workflow
    workflowID = session.request.workflowID
    redirectURL = session.request.redirectURL?.text
    createdAt = Timestamp.text(session.createdAt)
    updatedAt = Timestamp.text(session.ending?.at ?? session.createdAt)
    submittedAt = status == .submitted ? session.ending.map { Timestamp.text($0.at) } : nil
    expiresAt = session.expiresAt.map(Timestamp.text)
  }

  /// What the record says of an outcome.
  ///
  /// Leaving is no status of the service: whoever was there and left has started, and their session
  /// stays pending.
  private static func standing(after outcome: Outcome?) -> (Status, Progress) {
    switch outcome?.status {
    case nil: (.pending, .pending)
    case .success: (.submitted, .completed)
    case .failed: (.failed, .started)
    case .abandoned: (.pending, .started)
    }
  }
}
