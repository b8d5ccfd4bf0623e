import CDeepIDV
import CPlatform
import DeepIDVCore

/// The creates whose outcome is unknown, of all clients of one key and base URL in this process.
final class SharedRepeats {
  private let lock: Monitor
  private var memory: RepeatGuard

  private init(_ memory: RepeatGuard, _ lock: Monitor) {
    self.memory = memory
    self.lock = lock
  }

  deinit { memory.forgetAll() }

  static func make() throws(Refusal) -> SharedRepeats {
    guard let memory = RepeatGuard() else { throw Refusal(DEEPIDV_E_SYSTEM) }
    return SharedRepeats(memory, try Monitor.make())
  }
}

// MARK: Before a create is sent

extension SharedRepeats {
  /// Lets a create be sent, or has it search first for what an equal one may have created.
  ///
  /// Asked whenever it is about to be sent, not when it is submitted: the equal one may have ended meanwhile.
  ///
  /// - Parameter settle: Nanoseconds.
  /// - Returns: `DEEPIDV_OK`, or why it has to end instead.
  func admit(_ operation: Operation, settle: UInt64, at now: UInt64) -> deepidv_status {
    lock.withLock {
      if let entry = operation.repeated {
        if operation.unsent == .outcomeUnknown { return goOn(operation, entry, settle, now) }
        memory.resend(entry, at: now)
        return DEEPIDV_OK
      }
      if memory.isEmpty { return DEEPIDV_OK }
      guard let key = key(of: operation) else { return DEEPIDV_E_NOMEM }
      guard let entry = memory.find(key, at: now) else { return DEEPIDV_OK }
      return takeUp(entry, for: operation, settle, now)
    }
  }

  /// Makes an operation search for the session of an earlier create, under that one's external id.
  private func takeUp(
    _ entry: RepeatGuard.Entry, for operation: Operation, _ settle: UInt64, _ now: UInt64
  ) -> deepidv_status {
    if operation.makesExternalID, !operation.useExternalID(of: entry) { return DEEPIDV_E_NOMEM }
    operation.repeated = entry
    operation.unsent = .outcomeUnknown
    operation.latestResult = nil
    operation.sentAt = entry.sentAt
    operation.sentAtSeconds = entry.sentAtSeconds
    operation.lastSentAt = 0
    guard ReconcileToken.canName(entry.externalID) else {
      return goOn(operation, entry, settle, now)
    }
    search(operation, until: entry.settlesAt(after: settle), now)
    return DEEPIDV_OK
  }

  /// Sends what was not found, unless another operation does.
  private func goOn(
    _ operation: Operation, _ entry: RepeatGuard.Entry, _ settle: UInt64, _ now: UInt64
  ) -> deepidv_status {
    switch memory.decide(on: entry, settle: settle, at: now) {
    case .send: operation.unsent = .notSent
    case .search(let other): return takeUp(other, for: operation, settle, now)
    case .wait:
      guard ReconcileToken.canName(entry.externalID) else { return DEEPIDV_E_OUTCOME_UNKNOWN }
      search(operation, until: .max, now)
    }
    return DEEPIDV_OK
  }

  private func search(_ operation: Operation, until settled: UInt64, _ now: UInt64) {
    operation.policy.searchFirst(until: settled, at: now)
    operation.exchange = .search
  }

  private func key(of operation: Operation) -> KeyedHash? {
    operation.requestBody.withSpan { body in
      operation.externalID.withSpan { id in
        memory.key(ofBody: body, without: operation.makesExternalID ? id : Span())
      }
    }
  }
}

// MARK: When a create has ended

extension SharedRepeats {
  /// Remembers what became of a create, if that is needed when it is repeated.
  func ended(
    _ operation: Operation, _ result: OperationResult, settle: UInt64, at now: UInt64
  ) {
    let isUnknown = result.status == DEEPIDV_E_OUTCOME_UNKNOWN
    guard isUnknown || result.status == DEEPIDV_E_DUPLICATE else {
      guard let entry = operation.repeated else { return }
      lock.withLock {
        if result.status == DEEPIDV_OK {
          memory.forget(entry)
        } else if operation.unsent != .outcomeUnknown {
          memory.release(entry)
        }
      }
      return
    }
    // Of several sessions that were there before, this create has sent nothing.
    guard operation.lastSentAt != 0 || operation.repeated != nil else { return }
    let settlesAt = lock.withLock { remember(operation, at: now)?.settlesAt(after: settle) }
    guard isUnknown else { return }
    if let settlesAt, settlesAt > now {
      result.retryAfterMS = max(result.retryAfterMS, (settlesAt - now) / 1_000_000 + 1)
    }
    if operation.lastSentAt == 0 {
      result.advise("The same request was sent earlier, so that this one was not sent.")
    }
  }

  private func remember(_ operation: Operation, at now: UInt64) -> RepeatGuard.Entry? {
    if let entry = operation.repeated, memory.remembers(entry) { return entry }
    var id = ByteBuffer(byteLimit: operation.externalID.count)
    do throws(BufferError) {
      try operation.externalID.withSpan { bytes throws(BufferError) in try id.append(bytes) }
    } catch {
      return nil
    }
    guard let key = key(of: operation) else { return nil }
    return memory.remember(
      key, externalID: id, sentAt: operation.sentAt, sentAtSeconds: operation.sentAtSeconds,
      // What another operation has found out is not known here.
      lastSentAt: operation.lastSentAt == 0 ? now : operation.lastSentAt)
  }
}

extension Operation {
  /// Takes over the external id under which an equal create was sent.
  fileprivate func useExternalID(of entry: RepeatGuard.Entry) -> Bool {
    // With room for the NUL that it ends with in the result.
    var id = ByteBuffer(byteLimit: entry.externalID.count + 1)
    do throws(BufferError) {
      try entry.externalID.withSpan { bytes throws(BufferError) in try id.append(bytes) }
    } catch {
      return false
    }
    guard RepeatGuard.replace(externalID, with: id, in: &requestBody) else { return false }
    externalID = id
    return true
  }
}
