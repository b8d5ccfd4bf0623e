/// The id that the service, or a gateway before it, gave a request: what its support asks for.
public struct RequestID: Sendable {
  private var bytes = [96 of UInt8](repeating: 0)
  private var count = 0
  private var rank = 0

  init() {}

  /// Whether there is none.
  public var isEmpty: Bool { count == 0 }

  /// Calls `body` with the id.
  public func withSpan<Result, Failure>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes.span.part(0, count))
  }

  /// Takes a header, if it has an id that is worth more than the one before it.
  ///
  /// What is longer than such ids are, or may not be printed, is ignored.
  @inline(never)
  mutating func take(_ name: Span<UInt8>, _ value: Span<UInt8>) {
    let rank = Self.rank(of: name)
    guard rank > self.rank, !value.isEmpty, value.count <= bytes.count else { return }
    for index in value.indices where value[index] <= 0x20 || value[index] > 0x7E { return }
    for index in value.indices { bytes[index] = value[index] }
    count = value.count
    self.rank = rank
  }

  /// How much a header is worth: the service's own id more than a gateway's; 0 if it has no id.
  private static func rank(of name: Span<UInt8>) -> Int {
    switch name.count {
    case 12 where name.equalsIgnoringCase("x-request-id"): 6
    case 10 where name.equalsIgnoringCase("request-id"): 5
    case 16 where name.equalsIgnoringCase("x-correlation-id"): 4
    case 16 where name.equalsIgnoringCase("x-amzn-requestid"): 3
    case 15 where name.equalsIgnoringCase("x-amzn-trace-id"): 2
    case 6 where name.equalsIgnoringCase("cf-ray"): 1
    default: 0
    }
  }
}
