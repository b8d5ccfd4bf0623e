/// Writes the requests of a client as HTTP/1.1 sends them.
///
/// What all of them have in common is made once.
public struct HTTPRequestWriter: ~Copyable {
  /// The path of sessions.
  private var sessions = ByteBuffer(byteLimit: 8192)
  /// From the version to the last header that all requests have.
  private var common = ByteBuffer(byteLimit: 32_768)

  /// Prepares the requests of a client.
  ///
  /// None of the texts may have a control character.
  ///
  /// - Parameters:
  ///   - path: The path of sessions on the server.
  ///   - host: The value of the header `Host`.
  public init(
    path: borrowing ByteBuffer, host: borrowing ByteBuffer, apiKey: borrowing ByteBuffer,
    userAgent: borrowing ByteBuffer
  ) throws(BufferError) {
    try sessions.append(contentsOf: path)
    try common.append(" HTTP/1.1\r\nHost: ")
    try common.append(contentsOf: host)
    try common.append("\r\nx-api-key: ")
    try common.append(contentsOf: apiKey)
    try common.append("\r\nUser-Agent: ")
    try common.append(contentsOf: userAgent)
    try common.append("\r\nContent-Type: application/json\r\nAccept: application/json\r\n")
  }

  /// Writes a request, and returns the size of its head.
  ///
  /// - Parameters:
  ///   - path: What follows the path of sessions.
  ///   - subject: The session's id, or the external id to search or filter by; empty for none.
  ///   - limit: The most sessions on a page; 0 leaves it to the service.
  ///   - token: The token of the page; empty for the first.
  ///   - body: The body; not sent with a GET.
  ///   - trace: The caller's trace, if any.
  public func write(
    _ method: Exchange.Method, _ path: Exchange.Path, subject: Span<UInt8>, limit: Int,
    token: Span<UInt8>, body: Span<UInt8>, trace: TraceParent? = nil,
    to request: inout ByteBuffer
  ) throws(BufferError) -> Int {
    // One allocation for most requests; a buffer that moves has to be wiped.
    try request.reserve(common.count &+ sessions.count &+ body.count &+ 128)
    try request.append(method.name)
    try request.append(contentsOf: sessions)
    try path.append(to: &request, subject: subject, limit: limit, token: token)
    try request.append(contentsOf: common)
    if let trace { try trace.appendHeader(to: &request) }
    // With its length, a server does not execute half a body.
    if method != .get {
      try request.append("Content-Length: ")
      try request.append(decimal: Int64(body.count))
      try request.append("\r\n")
    }
    try request.append("\r\n")
    let head = request.count
    if method != .get { try request.append(body) }
    return head
  }
}

extension Exchange.Method {
  /// The method's name, with the space that follows it.
  fileprivate var name: StaticString {
    switch self {
    case .get: "GET "
    case .post: "POST "
    case .patch: "PATCH "
    }
  }
}
