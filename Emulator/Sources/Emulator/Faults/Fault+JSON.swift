import Foundation

extension Fault {
  /// Parses the body of a call that arms a fault.
  static func read(_ body: Data) throws(InvalidBody) -> Fault {
    guard let request = try? JSONDecoder().decode(Request.self, from: body) else {
      throw InvalidBody(hints: ["body: must be a JSON object with a kind and documented members"])
    }
    let kind: Kind
    switch request.kind {
    case "status":
      guard let status = request.status, (200...599).contains(status) else {
        throw InvalidBody(hints: ["status: must be an integer from 200 to 599"])
      }
      let headers = request.headers ?? [:]
      guard headers.allSatisfy({ isName($0.key) && isValue($0.value) }) else {
        throw InvalidBody(hints: ["headers: must be names and values of visible ASCII characters"])
      }
      let type = request.contentType ?? "application/json; charset=utf-8"
      guard isValue(type) else {
        throw InvalidBody(hints: ["content_type: must be visible ASCII characters"])
      }
      kind = .status(
        status, contentType: type, body: request.body ?? defaultBody(status), headers: headers)
    case "wait":
      guard let milliseconds = request.milliseconds, (0...60_000).contains(milliseconds) else {
        throw InvalidBody(hints: ["milliseconds: must be an integer from 0 to 60000"])
      }
      kind = .wait(milliseconds: milliseconds)
    case "close": kind = .close
    case "reset": kind = .reset
    case "cut": kind = .cut
    case "garbage": kind = .garbage
    default:
      throw InvalidBody(hints: ["kind: must be status, wait, close, reset, cut or garbage"])
    }
    let count = request.count ?? 1
    guard (1...1_000_000).contains(count) else {
      throw InvalidBody(hints: ["count: must be an integer from 1 to 1000000"])
    }
    if kind == .cut, request.execute == false {
      throw InvalidBody(hints: ["execute: must be true, because cut sends half of a real response"])
    }
    let path = request.path ?? "/v1/"
    // A fault on the control API could not be cleared.
    guard path.hasPrefix("/"), !"/emulator/".hasPrefix(path), !path.hasPrefix("/emulator") else {
      throw InvalidBody(hints: ["path: must begin with /v1 or /session"])
    }
    return Fault(
      kind: kind, executes: request.execute ?? kind.executesByDefault, method: request.method,
      path: path, count: count)
  }

  private struct Request: Decodable {
    let kind: String
    let count: Int?
    let execute: Bool?
    let method: String?
    let path: String?
    let status: Int?
    let contentType: String?
    let body: String?
    let headers: [String: String]?
    let milliseconds: Int?

    private enum CodingKeys: String, CodingKey {
      case kind, count, execute, method, path, status, body, headers, milliseconds
      case contentType = "content_type"
    }
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { PercentEncoding.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
  }

  private static func defaultBody(_ status: Int) -> String {
    status == 429 ? #"{"message":"Too Many Requests"}"# : #"{"error":"\#(phrase(of: status))"}"#
  }
}

extension Fault.Kind {
  fileprivate var executesByDefault: Bool {
    switch self {
    case .status, .wait: false
    case .close, .reset, .cut, .garbage: true
    }
  }
}

extension Fault {
  /// The name in lists and in the request log.
  var name: String {
    switch kind {
    case .status(let code, _, _, _): "status \(code)"
    case .wait(let milliseconds): "wait \(milliseconds) ms"
    case .close: "close"
    case .reset: "reset"
    case .cut: "cut"
    case .garbage: "garbage"
    }
  }

  /// Whether the caller receives a status line.
  var sendsStatus: Bool {
    switch kind {
    case .status, .wait, .cut: true
    case .close, .reset, .garbage: false
    }
  }

  /// Bytes that no HTTP parser accepts as a response.
  static let garbage = Array("\u{15}\u{3}\u{1}NOT HTTP \u{7f}\r\n\r\n{]".utf8)

  /// The reason phrase of a status code.
  static func phrase(of code: Int) -> String {
    switch code {
    case 200: "OK"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 402: "Payment Required"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 408: "Request Timeout"
    case 429: "Too Many Requests"
    case 500: "Internal Server Error"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    default: "Status \(code)"
    }
  }
}

/// The form in lists.
extension Fault: Encodable {
  private enum CodingKeys: String, CodingKey {
    case kind, count, execute, method, path
  }

  func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(name, forKey: .kind)
    try members.encode(count, forKey: .count)
    try members.encode(executes, forKey: .execute)
    try members.encodeIfPresent(method, forKey: .method)
    try members.encode(path, forKey: .path)
  }
}
