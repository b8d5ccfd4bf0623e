import CDeepIDV
import CPlatform
import DeepIDVCore

/// The guard of one client against repeated creates.
struct Repeats {
  /// The creates whose outcome is unknown, of all clients of one key and base URL in this process.
  let memory: Monitor<RepeatGuard>
  /// Nanoseconds after which a create that has not been executed never will be.
  let settle: UInt64

  /// nil if the option is off.
  init?(_ settings: borrowing Settings, _ limiter: SharedLimiter) {
    guard settings.values.guardsRepeats else { return nil }
    memory = limiter.repeats
    settle = UInt64(settings.values.settleMS) &* 1_000_000
  }
}

// MARK: Before a create is sent

extension Repeats {
  /// Lets a create be sent, or makes it search first for the session of an equal one.
  ///
  /// Called whenever a create is about to be sent, not when it is submitted: the equal one may have ended meanwhile.
  ///
  /// - Returns: `DEEPIDV_OK`, or the cause for which it must end.
  func admit(_ operation: Operation, at now: UInt64) -> deepidv_status {
    memory.withLock { memory in
      if let entry = operation.driven.repeated {
        if operation.driven.unsent == .outcomeUnknown {
          return sendOrSearch(operation, entry, &memory, now)
        }
        memory.resend(entry, at: now)
        return DEEPIDV_OK
      }
      if memory.isEmpty { return DEEPIDV_OK }
      guard let key = operation.key(in: memory) else { return DEEPIDV_E_NOMEM }
      guard let entry = memory.find(key, at: now) else { return DEEPIDV_OK }
      return adopt(entry, for: operation, &memory, now)
    }
  }

  /// Makes an operation search for the session of an earlier create, by the external id of that create.
  private func adopt(
    _ entry: RepeatGuard.Entry, for operation: Operation, _ memory: inout RepeatGuard,
    _ now: UInt64
  ) -> deepidv_status {
    if operation.query.makesExternalID, !operation.useExternalID(of: entry) {
      return DEEPIDV_E_NOMEM
    }
    operation.driven.repeated = entry
    operation.driven.unsent = .outcomeUnknown
    operation.driven.latestResult = nil
    operation.driven.sent = Operation.SendTime(
      monotonic: entry.sentAt, wall: entry.sentAtSeconds)
    operation.driven.lastSentAt = 0
    guard ReconcileToken.canName(entry.externalID) else {
      return sendOrSearch(operation, entry, &memory, now)
    }
    search(operation, until: entry.settlesAt(after: settle), now)
    return DEEPIDV_OK
  }

  /// Sends a create whose session was not found, unless another operation sends it.
  private func sendOrSearch(
    _ operation: Operation, _ entry: RepeatGuard.Entry, _ memory: inout RepeatGuard, _ now: UInt64
  ) -> deepidv_status {
    switch memory.decide(on: entry, settle: settle, at: now) {
    case .send: operation.driven.unsent = .notSent
    case .search(let other): return adopt(other, for: operation, &memory, now)
    case .wait:
      guard ReconcileToken.canName(entry.externalID) else { return DEEPIDV_E_OUTCOME_UNKNOWN }
      search(operation, until: .max, now)
    }
    return DEEPIDV_OK
  }

  private func search(_ operation: Operation, until settled: UInt64, _ now: UInt64) {
    operation.driven.policy.searchFirst(until: settled, at: now)
    operation.driven.exchange = .search
  }
}

// MARK: When a create has ended

extension Repeats {
  /// Remembers a create with an unknown outcome, and keeps one whose session is known for a while.
  ///
  /// Under the client's lock.
  func ended(_ operation: Operation, with result: OperationResult, at now: UInt64) {
    let lastSentAt = operation.driven.lastSentAt
    guard lastSentAt != 0 || operation.driven.repeated != nil else {
      if result.status == DEEPIDV_OK { found(operation) }
      return
    }
    let isUnknown = result.status == DEEPIDV_E_OUTCOME_UNKNOWN
    guard isUnknown || result.status == DEEPIDV_E_DUPLICATE else {
      guard let entry = operation.driven.repeated else { return }
      memory.withLock { memory in
        if result.status == DEEPIDV_OK {
          memory.know(entry, settle: settle)
        } else if operation.driven.unsent != .outcomeUnknown {
          memory.release(entry)
        }
      }
      return
    }
    let settlesAt = memory.withLock { memory in
      remember(operation, in: &memory)?.settlesAt(after: settle)
    }
    guard isUnknown else { return }
    if let settlesAt, settlesAt > now {
      result.retryAfterMS = max(result.retryAfterMS, (settlesAt - now) / 1_000_000 + 1)
    }
    if lastSentAt == 0 {
      result.advise("The same request was sent earlier, so that this one was not sent.")
    }
  }

  /// Forgets the creates whose session an operation that sent nothing has found by the external id.
  private func found(_ operation: Operation) {
    guard operation.driven.externalID.count > 0, cplatform_remembered() != 0 else { return }
    memory.withLock { memory in
      operation.driven.externalID.withSpan { memory.forget(externalID: $0) }
    }
  }

  private func remember(
    _ operation: Operation, in memory: inout RepeatGuard
  ) -> RepeatGuard.Entry? {
    if let entry = operation.driven.repeated, memory.remembers(entry) { return entry }
    // Only what was sent: another operation has forgotten the entry, because it knows more.
    guard operation.driven.lastSentAt != 0, let key = operation.key(in: memory),
      let sent = operation.driven.sent
    else { return nil }
    var id = ByteBuffer(byteLimit: operation.driven.externalID.count)
    do throws(BufferError) {
      try operation.driven.externalID.withSpan { bytes throws(BufferError) in try id.append(bytes) }
    } catch {
      return nil
    }
    return memory.remember(
      key, externalID: id, sentAt: sent.monotonic, sentAtSeconds: sent.wall,
      lastSentAt: operation.driven.lastSentAt)
  }
}

extension Operation {
  /// The key that equal creates have in common.
  fileprivate func key(in memory: borrowing RepeatGuard) -> KeyedHash? {
    driven.requestBody.withSpan { body in
      driven.externalID.withSpan { id in
        memory.key(ofBody: body, without: query.makesExternalID ? id : Span())
      }
    }
  }

  /// Replaces the external id with that of an equal create.
  fileprivate func useExternalID(of entry: RepeatGuard.Entry) -> Bool {
    // With room for the NUL that it ends with in the result.
    var id = ByteBuffer(byteLimit: entry.externalID.count &+ 1)
    do throws(BufferError) {
      try entry.externalID.withSpan { bytes throws(BufferError) in try id.append(bytes) }
    } catch {
      return false
    }
    return driven.replaceExternalID(with: id)
  }
}

extension Operation.Driven {
  /// Replaces the external id, also in the request's body.
  fileprivate mutating func replaceExternalID(with id: consuming ByteBuffer) -> Bool {
    guard RepeatGuard.replace(externalID, with: id, in: &requestBody) else { return false }
    externalID = id
    return true
  }
}
