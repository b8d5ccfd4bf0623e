import Foundation

/// Something that goes wrong with a call, on demand.
struct Fault: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// Answers a status, with a body of the caller's choice or a usual one.
    case status(Int, contentType: String, body: String, headers: [String: String])
    /// Answers as usual, after a while.
    case wait(milliseconds: Int)
    /// Closes the connection without an answer.
    case close
    /// As `close`, with a reset in place of an orderly end.
    case reset
    /// Announces the whole answer, sends half of its body, and closes.
    case cut
    /// Sends bytes that are not HTTP, and closes.
    case garbage
  }

  let kind: Kind
  /// Whether the call is carried out first.
  let executes: Bool
  /// The calls that are meant; any, if nil.
  let method: String?
  /// What their path begins with.
  let path: String
  /// How many calls it still happens to.
  var count: Int

  func concerns(method: String, path: String) -> Bool {
    (self.method == nil || self.method == method) && path.hasPrefix(self.path)
  }
}

/// The faults that are armed, in the order they were.
struct Faults: Sendable {
  private(set) var armed: [Fault] = []

  /// The most that can be armed.
  static let most = 1000

  /// False if there are too many.
  mutating func arm(_ fault: Fault) -> Bool {
    guard armed.count < Faults.most else { return false }
    armed.append(fault)
    return true
  }

  mutating func clear() { armed = [] }

  /// The fault that happens to this call, if any; it has then happened once more.
  mutating func take(method: String, path: String) -> Fault? {
    guard
      let place = armed.firstIndex(where: { $0.concerns(method: method, path: path) })
    else { return nil }
    let fault = armed[place]
    armed[place].count -= 1
    if armed[place].count == 0 { armed.remove(at: place) }
    return fault
  }
}
