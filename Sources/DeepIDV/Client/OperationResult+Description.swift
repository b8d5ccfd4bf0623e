import CDeepIDV
import DeepIDVCore

// What is told of a result, and of a webhook, in one JSON text. Each member has the name and the value of the
// function that reads it: the descriptions in the interface table promise that.

extension OperationResult {
  /// Returns the result as JSON.
  func describe() throws(BufferError) -> ByteBuffer {
    var json = JSONWriter(byteLimit: Int.max)
    try json.beginObject()
    try json.number("status", Int64(status))
    try json.text("status_name", LentText(statusNames(), for: status))
    try json.number("cause", Int64(cause))
    try json.text("cause_name", LentText(statusNames(), for: cause))
    try json.number("http_status", Int64(httpStatus))
    try json.text("message", message)
    try json.text("field", LentText(field?.name))
    try json.text("api_code", failureText(failure.code))
    try json.text("request_id", LentText(requestID))
    try json.texts("hints", failure.hints.count) { failureText(failure.hints.at($0)) }
    try json.number("attempts", Int64(attempts))
    try json.number("elapsed_us", Int64(clamping: elapsedMicroseconds))
    try json.number("retry_after_ms", Int64(clamping: retryAfterMS))
    try json.flag("reconciled", isReconciled)
    try json.flag("found", isFound)
    try json.number("facts", Int64(facts))
    try json.text("reconcile_token", LentText(reconcileToken))
    try json.text("next_token", sessionText(answer.nextToken))
    try json.session(answer, externalID: knownExternalID, verdict: verdict)
    try json.texts("session_ids", answer.sessions.count) {
      sessionText(answer.sessions.at($0)?.id)
    }
    try json.member("links")
    try json.beginArray()
    var index = 0
    while let link = answer.links.at(index) {
      index &+= 1
      try json.beginObject()
      try json.text("url", sessionText(link.url))
      try json.text("rel", sessionText(link.rel))
      try json.endObject()
    }
    try json.endArray()
    try json.endObject()
    return json.finish()
  }
}

extension Webhook {
  /// Returns the event as JSON.
  func describe() throws(BufferError) -> ByteBuffer {
    var json = JSONWriter(byteLimit: Int.max)
    try json.beginObject()
    try json.number("type", Int64(type))
    try json.text("type_text", answer.eventType)
    try json.text("key", LentText(key))
    try json.number("facts", Int64(answer.facts))
    try json.session(answer, externalID: answer.externalID, verdict: verdict)
    try json.endObject()
    return json.finish()
  }
}

extension JSONWriter {
  /// Writes the members that a result and a webhook have of their session.
  @inline(never)
  fileprivate mutating func session(
    _ answer: borrowing SessionAnswer, externalID: LentText, verdict: Int32
  ) throws(BufferError) {
    try text("session_id", answer.sessionID)
    try text("session_url", answer.sessionURL)
    try text("external_id", externalID)
    try text("expires_at", answer.expiresAt)
    try text("session_status", answer.sessionStatus)
    try text("session_progress", answer.sessionProgress)
    try number("verdict", Int64(verdict))
    try text("verdict_name", LentText(verdictNames(), for: verdict))
  }

  /// Writes a member that is an array of texts.
  fileprivate mutating func texts(
    _ name: StaticString, _ count: Int, _ text: (Int) -> LentText
  ) throws(BufferError) {
    try member(name)
    try beginArray()
    var index = 0
    while index < count {
      try write(text(index))
      index &+= 1
    }
    try endArray()
  }

  /// Writes a member that is a text, or null.
  @inline(never)
  fileprivate mutating func text(_ name: StaticString, _ text: LentText) throws(BufferError) {
    try member(name)
    try write(text)
  }

  @inline(never)
  fileprivate mutating func write(_ text: LentText) throws(BufferError) {
    guard let start = text.start else { return try null() }
    let bytes = UnsafeBufferPointer(
      start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: text.count)
    try string(bytes.span)
  }

  @inline(never)
  fileprivate mutating func number(_ name: StaticString, _ number: Int64) throws(BufferError) {
    try member(name)
    try integer(number)
  }

  @inline(never)
  fileprivate mutating func flag(_ name: StaticString, _ value: Bool) throws(BufferError) {
    try member(name)
    try bool(value)
  }
}
