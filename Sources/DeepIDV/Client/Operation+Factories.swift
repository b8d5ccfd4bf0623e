import CDeepIDV
import CPlatform
import DeepIDVCore

/// Creates operations from callers' arguments.
extension Operation {
  /// A create, or one that searches for a session with its external id first.
  static func create(
    _ request: borrowing SessionRequest, as kind: OperationKind, searchingFirst: Bool,
    _ settings: borrowing Settings, _ context: OperationContext
  ) throws(Refusal) -> Operation {
    var makesExternalID = false
    var externalID = ByteBuffer(byteLimit: longestText + 1)
    var body = ByteBuffer(byteLimit: 0)
    do throws(BufferError) {
      // With room for the NUL that it has in the result.
      try request.copy(.externalID, to: &externalID)
      if externalID.isEmpty, settings.values.makesExternalIDs {
        makesExternalID = true
        let bits = cplatform_random()
        try externalID.appendExternalID(bits.first, bits.second)
      }
      body = try request.body(externalID: externalID)
    } catch {
      throw Refusal(DEEPIDV_E_NOMEM)
    }
    let canSearch = ReconcileToken.canName(externalID)
    let operation = Operation(kind, canSearch: canSearch, context)
    operation.query.makesExternalID = makesExternalID
    operation.driven.externalID = externalID
    operation.driven.requestBody = body
    if searchingFirst { operation.searchFirst() }
    return operation
  }

  static func retrieve(
    _ id: Span<UInt8>, as kind: OperationKind = .retrieve, _ context: OperationContext
  ) throws(Refusal) -> Operation {
    try require(checkText(id, limit: longestIDInURL))
    // In a URL, "." and ".." would lead to another path, even percent-encoded.
    if id.isEmpty || id.equals(".") || id.equals("..") { throw Refusal(DEEPIDV_E_REQUIRED) }
    let operation = Operation(kind, context)
    try keep(id, in: &operation.query.subject)
    return operation
  }

  /// Retrieves the session to which a redirect should belong.
  static func confirm(
    _ redirect: Span<UInt8>, sessionID id: Span<UInt8>, _ context: OperationContext
  ) throws(Refusal) -> Operation {
    let operation = try retrieve(id, as: .confirm, context)
    let claim = checkClaim(redirect, of: id)
    switch claim {
    case DEEPIDV_OK: break
    case DEEPIDV_E_MISMATCH, DEEPIDV_E_REPEATED:
      let forged = OperationResult(claim, cause: claim)
      forged.verdict = DEEPIDV_VERDICT_FORGED
      operation.query.presetResult = forged
    default: throw Refusal(claim)
    }
    return operation
  }

  static func updateStatus(
    _ id: Span<UInt8>, _ decision: Int32, _ context: OperationContext
  ) throws(Refusal) -> Operation {
    guard let body = decisionBody(decision) else { throw Refusal(DEEPIDV_E_RANGE) }
    let operation = try retrieve(id, as: .updateStatus, context)
    operation.query.decision = decision
    operation.driven.requestBody = ByteBuffer(byteLimit: 64)
    do throws(BufferError) { try operation.driven.requestBody.append(body) } catch {
      throw Refusal(DEEPIDV_E_NOMEM)
    }
    return operation
  }

  static func wait(
    _ id: Span<UInt8>, timeoutMS: UInt32, _ context: OperationContext
  ) throws(Refusal) -> Operation {
    // The same range as that of the option timeout_ms.
    guard 1...86_400_000 ~= timeoutMS else { throw Refusal(DEEPIDV_E_RANGE) }
    return try retrieve(id, as: .wait, context.lasting(timeoutMS))
  }

  static func list(
    externalID: Span<UInt8>?, limit: UInt32, nextToken: Span<UInt8>?, _ context: OperationContext
  ) throws(Refusal) -> Operation {
    guard limit <= UInt32(pageLimit) else { throw Refusal(DEEPIDV_E_RANGE) }
    // The service may ignore an empty filter, and return all sessions.
    if externalID?.isEmpty == true || nextToken?.isEmpty == true {
      throw Refusal(DEEPIDV_E_REQUIRED)
    }
    if let externalID { try require(checkText(externalID, limit: longestText)) }
    if let nextToken { try require(checkText(nextToken, limit: longestPageToken)) }
    let operation = Operation(.list, context)
    operation.query.askedLimit = Int(limit)
    if let externalID { try keep(externalID, in: &operation.query.subject) }
    if let nextToken { try keep(nextToken, in: &operation.query.pageToken) }
    return operation
  }

  static func reconcile(_ token: Span<UInt8>, _ context: OperationContext) throws(Refusal)
    -> Operation
  {
    try require(checkText(token, limit: ReconcileToken.longest))
    guard let parts = ReconcileToken.read(token) else { throw Refusal(DEEPIDV_E_TOKEN) }
    let operation = Operation(.reconcile, context)
    // When the create was sent, which the token tells.
    operation.driven.sent = SendTime(monotonic: context.submitted, wall: parts.sentAt)
    operation.driven.externalID = ByteBuffer(byteLimit: longestIDInURL + 1)
    do throws(BufferError) {
      try operation.driven.externalID.append(
        token.part(parts.externalID.start, parts.externalID.end))
    } catch {
      throw Refusal(DEEPIDV_E_NOMEM)
    }
    return operation
  }

  /// Copies an argument, to compare the answer with it.
  private static func keep(_ text: Span<UInt8>, in buffer: inout ByteBuffer) throws(Refusal) {
    do throws(BufferError) { try buffer.append(text) } catch { throw Refusal(DEEPIDV_E_NOMEM) }
  }
}
