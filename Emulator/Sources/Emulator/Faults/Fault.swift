import Foundation

/// An injected failure of matching calls.
struct Fault: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// Returns a status, with a given or a default body.
    case status(Int, contentType: String, body: String, headers: [String: String])
    /// Delays the normal response.
    case wait(milliseconds: Int)
    /// Closes the connection without a response.
    case close
    /// Resets the connection without a response.
    case reset
    /// Sends the headers and half of the body, and closes the connection.
    case cut
    /// Sends bytes that are not HTTP, and closes the connection.
    case garbage
  }

  let kind: Kind
  /// Whether the call is executed first.
  let executes: Bool
  /// The method of matching calls; nil for any.
  let method: String?
  /// The path prefix of matching calls.
  let path: String
  /// The number of remaining calls.
  var count: Int

  func matches(method: String, path: String) -> Bool {
    (self.method == nil || self.method == method) && path.hasPrefix(self.path)
  }
}

/// The armed faults, in the order they were armed.
struct Faults: Sendable {
  private(set) var armed: [Fault] = []

  /// The maximum number of armed faults.
  static let maxCount = 1000

  /// Returns false at the limit.
  mutating func arm(_ fault: Fault) -> Bool {
    guard armed.count < Faults.maxCount else { return false }
    armed.append(fault)
    return true
  }

  mutating func clear() { armed = [] }

  /// Returns the fault for this call, if any, and decrements its count.
  mutating func take(method: String, path: String) -> Fault? {
    guard
      let index = armed.firstIndex(where: { $0.matches(method: method, path: path) })
    else { return nil }
    let fault = armed[index]
    armed[index].count -= 1
    if armed[index].count == 0 { armed.remove(at: index) }
    return fault
  }
}
