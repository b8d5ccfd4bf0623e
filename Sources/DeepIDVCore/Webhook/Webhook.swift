import CDeepIDV

/// An event of the service whose sender knows a secret.
public struct Webhook: ~Copyable {
  /// Its record, as the one of a retrieved session.
  public private(set) var answer = SessionAnswer()
  /// `DEEPIDV_WEBHOOK_…`.
  public private(set) var type: Int32 = 0
  /// Tells events apart, see ``WebhookKey``; it ends with a NUL.
  public private(set) var key = ByteBuffer(byteLimit: WebhookKey.limit)
  /// The body as received; it ends with a NUL.
  public private(set) var body = ByteBuffer(byteLimit: bodyLimit + 1)

  /// As many bytes as a body may have.
  static var bodyLimit: Int { 4 << 20 }

  /// No event.
  public init() {}

  /// Reads a body after verifying its signature, or returns what is wrong.
  public mutating func open(
    _ body: Span<UInt8>, signature: Span<UInt8>, _ secrets: borrowing WebhookSecrets
  ) -> deepidv_status {
    let verified = secrets.verify(signature)
    if verified != DEEPIDV_OK { return verified }
    if body.count > Self.bodyLimit { return DEEPIDV_E_TOO_LONG }
    do throws(AnswerFault) {
      answer = try SessionAnswer(body, as: .event)
    } catch {
      return error.cause == DEEPIDV_E_NOMEM ? DEEPIDV_E_NOMEM : DEEPIDV_E_WEBHOOK
    }
    do throws(BufferError) {
      // In one step, so that no copy has to be wiped.
      try self.body.reserve(body.count + 1)
      try self.body.append(body)
      try self.body.append(0)
      try writeKey()
    } catch {
      return DEEPIDV_E_NOMEM
    }
    return DEEPIDV_OK
  }

  private mutating func writeKey() throws(BufferError) {
    guard let session = answer.sessions.at(0), let word = session.eventType else { return }
    type = answer.texts.withSpan { webhookType($0.part(word)) }
    try answer.texts.withSpan { texts throws(BufferError) in
      try WebhookKey.write(word, session.id, session.updatedAt, of: texts, to: &key)
    }
  }

  /// `DEEPIDV_VERDICT_…` of the record's status.
  public var verdict: Int32 { answer.verdict }
}

/// `DEEPIDV_WEBHOOK_…` of a type.
func webhookType(_ word: Span<UInt8>) -> Int32 {
  switch word {
  case "session.created": DEEPIDV_WEBHOOK_SESSION_CREATED
  case "session.status.submitted": DEEPIDV_WEBHOOK_SESSION_SUBMITTED
  case "session.status.verified": DEEPIDV_WEBHOOK_SESSION_VERIFIED
  case "session.status.rejected": DEEPIDV_WEBHOOK_SESSION_REJECTED
  case "session.status.failed": DEEPIDV_WEBHOOK_SESSION_FAILED
  default: DEEPIDV_WEBHOOK_OTHER
  }
}
