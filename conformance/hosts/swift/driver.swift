// The conformance driver in Swift, which imports the header by its module map.

import CDeepIDV
import Dispatch
import Glibc

/// A call without a result: its status, and the field that it is about.
struct Refused: Error {
  var line: String

  init(_ status: deepidv_status, _ field: UnsafePointer<CChar>? = nil) {
    line =
      String(cString: deepidv_status_name(status))
      + (field.map { "\t" + String(cString: $0) } ?? "")
  }
}

/// An object of the library, which is freed with the last reference.
final class Owned {
  private let pointer: OpaquePointer
  private let free: (OpaquePointer?) -> Void

  /// Calls a function that stores a new object.
  init(
    _ free: @escaping (OpaquePointer?) -> Void,
    _ make: (UnsafeMutablePointer<OpaquePointer?>) -> deepidv_status
  ) throws {
    var made: OpaquePointer?
    let status = make(&made)
    guard let made else { throw Refused(status) }
    pointer = made
    self.free = free
  }

  deinit { free(pointer) }

  /// Passes the object to a call, and keeps it until the call returns.
  ///
  /// Otherwise Swift could free it before the call.
  func callAsFunction<Value>(_ call: (OpaquePointer) throws -> Value) rethrows -> Value {
    try withExtendedLifetime(self) { try call(pointer) }
  }
}

func check(_ status: deepidv_status, _ field: UnsafePointer<CChar>? = nil) throws {
  if status != DEEPIDV_OK { throw Refused(status, field) }
}

func newConfig() throws -> Owned { try Owned(deepidv_config_free) { deepidv_config_new($0) } }

func newClient() throws -> Owned {
  let config = try newConfig()
  try check(config { deepidv_config_from_env($0, nil) })
  return try Owned(deepidv_client_free) { made in config { deepidv_client_new($0, made) } }
}

func newRequest(_ json: String) throws -> Owned {
  let request = try Owned(deepidv_session_request_free) { deepidv_session_request_new($0) }
  var field: UnsafePointer<CChar>?
  let status = request { deepidv_session_request_set_json($0, json, json.utf8.count, &field, nil) }
  try check(status, field)
  return request
}

func newResult(_ call: (UnsafeMutablePointer<OpaquePointer?>) -> deepidv_status) throws -> Owned {
  try Owned(deepidv_result_free, call)
}

func describe(_ result: Owned) -> String {
  result { String(cString: deepidv_result_describe($0, nil)) }
}

func submit(_ client: Owned, _ prefix: String, _ count: Int, _ json: String) throws {
  let request = try newRequest(json)
  for tag in 1...count {
    let id = "\(prefix)-\(tag)"
    try check(request { deepidv_session_request_set_external_id($0, id, id.utf8.count) })
    try check(client { it in request { deepidv_session_create_submit(it, $0, UInt64(tag), nil) } })
  }
}

func take(_ client: Owned, _ count: Int) -> String {
  var (taken, tags, sessions) = (0, 0 as UInt64, 0)
  let done = DispatchSemaphore(value: 0)
  let queue = DispatchQueue(label: "completions")
  let descriptor = client { deepidv_client_fd($0) }
  let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
  source.setEventHandler {
    var event = deepidv_event()
    while let result = try? newResult({ made in client { deepidv_client_next($0, &event, made) } })
    {
      taken += 1
      tags += event.tag
      if result({ deepidv_result_session_id($0, nil) }) != nil { sessions += 1 }
    }
    if taken == count { source.cancel() }
  }
  source.setCancelHandler { done.signal() }
  source.resume()
  done.wait()
  return "\(taken) completions, tags \(tags), \(sessions) sessions"
}

func cancel(_ client: Owned, _ id: String) throws -> String {
  var op: UInt64 = 0
  var event = deepidv_event()
  try check(client { deepidv_session_retrieve_submit($0, id, id.utf8.count, 1, &op) })
  do {
    _ = try newResult { made in client { deepidv_client_take($0, op, 50, &event, made) } }
    return "not waited"
  } catch let waited as Refused {
    try check(client { deepidv_client_cancel($0, op) })
    _ = try newResult { made in client { deepidv_client_take($0, op, -1, &event, made) } }
    return waited.line + "\t" + Refused(event.status).line
  }
}

func webhook(_ secret: String, _ signature: String, _ body: String) throws -> String {
  let secrets = try Owned(deepidv_webhook_secrets_free) { deepidv_webhook_secrets_new($0) }
  try check(secrets { deepidv_webhook_secrets_add($0, secret, secret.utf8.count) })
  let event = try Owned(deepidv_webhook_free) { made in
    secrets {
      deepidv_webhook_open($0, signature, signature.utf8.count, body, body.utf8.count, made)
    }
  }
  return event { String(cString: deepidv_webhook_describe($0, nil)) }
}

func redirect(_ url: String) throws -> String {
  var buffer = [UInt8](repeating: 0, count: 8192)
  var length = 0
  try buffer.withUnsafeMutableBytes { bytes in
    let text = bytes.bindMemory(to: CChar.self)
    try check(deepidv_redirect_describe(url, url.utf8.count, text.baseAddress, text.count, &length))
  }
  return String(decoding: buffer.prefix(length), as: UTF8.self)
}

func order(_ json: String) throws -> String {
  func create() throws -> Owned {
    let (client, request) = (try newClient(), try newRequest(json))
    return try newResult { made in client { it in request { deepidv_session_create(it, $0, made) } }
    }
  }
  return describe(try create())
}

func number(_ text: String) -> Int { Int(text) ?? 0 }

/// Swift does not let programs call fork(), because its runtime has threads.
func run(_ client: Owned, _ field: [String]) throws -> String {
  func ask(_ call: (OpaquePointer, UnsafeMutablePointer<OpaquePointer?>) -> deepidv_status) throws
    -> String
  {
    describe(try newResult { made in client { call($0, made) } })
  }
  let text = field.count > 1 ? field[1] : ""
  let size = text.utf8.count
  switch field[0] {
  case "version": return "\(deepidv_abi_version() >> 16).\(deepidv_abi_version() & 0xFFFF)"
  case "redirect": return try redirect(text)
  case "matches":
    var parsed = deepidv_redirect()
    try check(deepidv_redirect_parse(text, size, &parsed))
    throw Refused(deepidv_redirect_matches(text, size, &parsed, field[2], field[2].utf8.count))
  case "webhook": return try webhook(text, field[2], field[3])
  case "option":
    throw Refused(
      try newConfig()({ deepidv_config_set($0, text, size, field[2], field[2].utf8.count) }))
  case "check":
    var missing: UnsafePointer<CChar>?
    let status = try newRequest(text)({ deepidv_session_request_validate($0, &missing) })
    throw Refused(status, missing)
  case "create":
    let request = try newRequest(text)
    return try ask { it, made in request { deepidv_session_create(it, $0, made) } }
  case "find":
    let request = try newRequest(text)
    return try ask { it, made in request { deepidv_session_find_or_create(it, $0, made) } }
  case "retrieve": return try ask { deepidv_session_retrieve($0, text, size, $1) }
  case "list":
    return try ask { deepidv_session_list($0, text, size, UInt32(number(field[2])), nil, 0, $1) }
  case "update":
    let decision = field[2] == "VERIFIED" ? DEEPIDV_DECISION_VERIFIED : DEEPIDV_DECISION_REJECTED
    return try ask { deepidv_session_update_status($0, text, size, decision, $1) }
  case "confirm":
    return try ask { deepidv_redirect_confirm($0, text, size, field[2], field[2].utf8.count, $1) }
  case "reconcile": return try ask { deepidv_session_reconcile($0, text, size, $1) }
  case "many":
    try submit(client, "many", number(text), field[2])
    return take(client, number(text))
  case "collect":  // Swift counts references: each request is freed at once.
    try submit(client, "collect", number(text), field[2])
    for _ in 0..<1000 { _ = try newRequest(field[2]) }
    return take(client, number(text))
  case "cancel": return try cancel(client, text)
  case "nul":
    throw Refused(try newRequest(text)({ deepidv_session_request_set_first_name($0, "a\0b", 3) }))
  case "order": return try order(text)
  default: return "unsupported"
  }
}

let client = try newClient()
setvbuf(stdout, nil, _IOLBF, 0)
while let line = readLine() {
  let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  do { print(try run(client, fields)) } catch let refused as Refused { print(refused.line) }
}
