import Foundation

/// A session in the responses of the API and in webhooks.
struct SessionRecord: Encodable, Sendable {
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
  let location: Readings.Location

  /// An open set.
  enum Status: String, CaseIterable, Encodable, Sendable {
    case pending = "PENDING"
    case submitted = "SUBMITTED"
    case verified = "VERIFIED"
    case rejected = "REJECTED"
    case voided = "VOIDED"
    case expired = "EXPIRED"
    case failed = "FAILED"
  }

  /// An open set; the emulator has two.
  enum Kind: String, Encodable, Sendable {
    /// Without a workflow.
    case verification
    /// With a workflow.
    case session
  }

  enum Progress: String, Encodable, Sendable {
    case pending = "PENDING"
    case started = "STARTED"
    case completed = "COMPLETED"
  }

  init(_ session: Session, at now: Date, readings: Readings = Readings()) {
    id = session.id
    organizationID = session.organization
    userID = session.userID
    senderUserID = session.senderID
    externalID = session.request.externalID
    status = session.status(at: now, readings: readings)
    progress = session.progress
    type = session.request.workflowID == nil ? .verification : .session
    workflowID = session.request.workflowID
    redirectURL = session.request.redirectURL?.text
    createdAt = Timestamp.text(session.createdAt)
    updatedAt = Timestamp.text(session.updatedAt(now))
    submittedAt =
      session.outcome == .success ? session.ending.map { Timestamp.text($0.at) } : nil
    expiresAt = session.expiresAt.map(Timestamp.text)
    location = readings.location
  }
}

extension Session {
  /// The status that the service reports.
  func status(at now: Date, readings: Readings = Readings()) -> SessionRecord.Status {
    switch decision?.verdict {
    case .verified: return .verified
    case .rejected: return .rejected
    case nil: break
    }
    return switch outcome?.status {
    case .success: .submitted
    case .failed: .failed
    // The service has no status for abandoned sessions.
    case .abandoned: readings.abandoned == .pending ? .pending : .voided
    case nil: hasExpired(at: now) ? .expired : .pending
    }
  }

  /// The applicant's progress.
  var progress: SessionRecord.Progress {
    switch outcome?.status {
    case .success: .completed
    case .failed, .abandoned: .started
    case nil: visits.isEmpty ? .pending : .started
    }
  }

  fileprivate func updatedAt(_ now: Date) -> Date {
    let changes = [createdAt, ending?.at, decision?.at, visits.last?.at, expiry(at: now)]
    return changes.compactMap(\.self).max() ?? createdAt
  }

  private func expiry(at now: Date) -> Date? { hasExpired(at: now) ? expiresAt : nil }
}

extension SessionRecord {
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
    case location
  }

  func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(id, forKey: .id)
    try members.encode(organizationID, forKey: .organizationID)
    try members.encode(userID, forKey: .userID)
    try members.encode(senderUserID, forKey: .senderUserID)
    try members.encodeIfPresent(externalID, forKey: .externalID)
    try members.encode(status, forKey: .status)
    try members.encode(type, forKey: .type)
    try members.encode(progress, forKey: .progress)
    try members.encodeIfPresent(workflowID, forKey: .workflowID)
    try members.encodeIfPresent(redirectURL, forKey: .redirectURL)
    try members.encode(createdAt, forKey: .createdAt)
    try members.encode(updatedAt, forKey: .updatedAt)
    try members.encodeIfPresent(submittedAt, forKey: .submittedAt)
    try members.encodeIfPresent(expiresAt, forKey: .expiresAt)
    switch location {
    case .absent: break
    case .null: try members.encodeNil(forKey: .location)
    case .string: try members.encode("Toronto, Canada", forKey: .location)
    case .object:
      try members.encode(["city": "Toronto", "country": "Canada"], forKey: .location)
    }
  }
}
