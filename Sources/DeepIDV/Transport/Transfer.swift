import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// One easy handle, used for one exchange after another.
///
/// It records what was sent, because no error code of libcurl tells whether a request was executed, and keeps
/// libcurl from sending a request again that may have been: on a kept connection that was closed, libcurl repeats a
/// POST up to five times without telling.
final class Transfer {
  let easy: UnsafeMutableRawPointer
  private(set) var operation: Operation?

  // About the current exchange.
  private(set) var attempts: UInt32 = 0
  /// Whether there was one attempt, on a new connection: libcurl makes another only after one on a kept connection.
  private var isOnlyAttempt = false
  private var head = AnswerHead()
  private(set) var answer = ByteBuffer(byteLimit: 0)
  /// Why the rest of the answer was refused, or `DEEPIDV_OK`.
  private(set) var refusal = DEEPIDV_OK
  /// Whether the kept connection was no longer usable, and nothing was sent on it.
  private(set) var isStale = false
  let hasProxy: Bool
  let unread: UnreadVariables
  private let sockets: Sockets
  // Options that libcurl has, to set only those that change: each costs as much as reading a header.
  private var hasSessionsURL = false
  private var isFresh = false
  private var isKept = true
  private var isPatch = false

  /// Whether libcurl passes the lines of a head to `receive(_:)` before it stores them.
  private let screensHeads = ccurl_store_dangles() != 0
  private var showsHeads = false

  private init(
    _ easy: UnsafeMutableRawPointer, _ sockets: Sockets, hasProxy: Bool, unread: UnreadVariables
  ) {
    self.easy = easy
    self.sockets = sockets
    self.hasProxy = hasProxy
    self.unread = unread
  }

  /// Creates a transfer; nil if libcurl refused an option, because all of them are needed for safety.
  static func make(
    _ endpoint: Endpoint, _ settings: borrowing Settings, _ sockets: Sockets
  ) -> Transfer? {
    guard let easy = curl_easy_init() else { return nil }
    let transfer = Transfer(
      easy, sockets, hasProxy: settings.hasProxy, unread: settings.unread)
    return transfer.configure(endpoint, settings) && transfer.install() ? transfer : nil
  }

  deinit { curl_easy_cleanup(easy) }

  private func configure(_ endpoint: Endpoint, _ settings: borrowing Settings) -> Bool {
    set(CURLOPT_HTTPHEADER, endpoint.headers)
      && set(CURLOPT_PROTOCOLS_STR, cString(endpoint.isPlain ? "http" : "https"))
      // HTTP/2 has more ways to send a request again, and more requests fail with one connection.
      && set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
      // A redirect would send the API key and the applicant's data to another place.
      && set(CURLOPT_FOLLOWLOCATION, 0)
      && set(CURLOPT_NOSIGNAL, 1)
      && set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
      && set(CURLOPT_CONNECTTIMEOUT_MS, Int(settings.connectTimeoutMS))
      // Without it, a name server that does not answer delays every other transfer.
      && set(CURLOPT_QUICK_EXIT, 1)
      // Both are set even if empty; otherwise libcurl reads the environment.
      && set(CURLOPT_PROXY, settings.proxy.text ?? cString(""))
      && set(CURLOPT_NOPROXY, cString(""))
      && set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
      && limitAge()
      && ccurl_keep_tls_secrets(easy) == CURLE_OK
      && trust(settings)
  }

  /// Limits the age of a connection, even of a busy one.
  ///
  /// Otherwise a busy client would never notice that the service's address has changed. Needs libcurl 7.80.
  private func limitAge() -> Bool {
    let refused = ccurl_set_long(easy, CURLOPT_MAXLIFETIME_CONN, 120)
    return refused == CURLE_OK || refused == CURLE_UNKNOWN_OPTION
  }

  /// Sets the trusted certificates, or keeps the system's; they are the same for a proxy with TLS.
  ///
  /// The default directory is not trusted in addition to a file: libcurl would then read the file again for each
  /// connection, which costs 30 ms of processor time.
  private func trust(_ settings: borrowing Settings) -> Bool {
    let file = settings.caFile.text
    let directory = settings.caDirectory.text
    if file == nil, directory == nil {
      return ccurl_has_ca_file() == 0 || set(CURLOPT_CAPATH, nil)
    }
    return set(CURLOPT_CAINFO, file) && set(CURLOPT_CAPATH, directory)
      && (!hasProxy || set(CURLOPT_PROXY_CAINFO, file) && set(CURLOPT_PROXY_CAPATH, directory))
  }

  private func install() -> Bool {
    let me = Unmanaged.passUnretained(self).toOpaque()
    let shared = Unmanaged.passUnretained(sockets).toOpaque()
    return set(CURLOPT_WRITEDATA, me) && set(CURLOPT_HEADERDATA, me) && set(CURLOPT_PREREQDATA, me)
      && set(CURLOPT_OPENSOCKETDATA, shared) && set(CURLOPT_CLOSESOCKETDATA, shared)
      && ccurl_set_transfer(easy, CURLOPT_WRITEFUNCTION, transferReceiveBody) == CURLE_OK
      && ccurl_set_transfer(easy, CURLOPT_HEADERFUNCTION, transferReceiveLine) == CURLE_OK
      && ccurl_set_prereq(easy, transferBeginAttempt) == CURLE_OK
      && ccurl_set_open_socket(easy, socketsOpen) == CURLE_OK
      && ccurl_set_close_socket(easy, socketsClose) == CURLE_OK
  }

  private func set(_ option: CURLoption, _ value: Int) -> Bool {
    ccurl_set_long(easy, option, value) == CURLE_OK
  }

  private func set(_ option: CURLoption, _ value: UnsafeRawPointer?) -> Bool {
    ccurl_set_pointer(easy, option, value) == CURLE_OK
  }
}

// MARK: An exchange

extension Transfer {
  /// Begins the next exchange of an operation; false if libcurl refused it, and nothing was sent.
  func begin(
    _ operation: Operation, _ endpoint: Endpoint, reusesConnections: Bool,
    on multi: UnsafeMutableRawPointer
  ) -> Bool {
    let now = cplatform_now_ns()
    attempts = 0
    isOnlyAttempt = false
    head = AnswerHead()
    refusal = DEEPIDV_OK
    isStale = false
    answer = ByteBuffer(byteLimit: operation.driven.exchange.row.answerLimit)
    guard setRequest(operation, endpoint, reusesConnections: reusesConnections),
      setTimeout(until: operation.driven.policy.attemptDeadline(from: now), from: now),
      curl_multi_add_handle(multi, easy) == CURLM_OK
    else { return false }
    if operation.driven.exchange == .create { operation.noteSent(at: now) }
    self.operation = operation
    return true
  }

  /// Ends the exchange, and returns what it means and the operation's latest result.
  ///
  /// - Parameters:
  ///   - code: libcurl's result, or nil if the transfer was cancelled.
  ///   - plainHosts: Hosts that a browser may open without TLS, besides this machine.
  func end(
    result code: CURLcode?, plainHosts: borrowing ByteBuffer, on multi: UnsafeMutableRawPointer
  ) -> (Operation, ExchangeReport, OperationResult)? {
    curl_multi_remove_handle(multi, easy)
    guard let operation else { return nil }
    defer { self.operation = nil }
    // A search for a create is not an attempt at it.
    if operation.driven.exchange == operation.kind.row.exchange {
      operation.driven.attempts &+= attempts
    }
    let evaluation = evaluate(operation, result: code, plainHosts: plainHosts)
    let report = evaluation.report
    if !evaluation.hasResult, let earlier = operation.driven.latestResult {
      return (operation, report, earlier)
    }
    let result = OperationResult(evaluation, responseBody: moveBody())
    if let code, attempts == 0, let advice = advice(on: code, unread: unread) {
      result.advise(advice)
    }
    return (operation, report, result)
  }

  /// The most bytes of the body that can have been sent.
  ///
  /// libcurl counts the body's bytes of its last attempt only. That number is used if there was only one attempt;
  /// otherwise all bytes may have been sent, once any byte of a request was, which libcurl counts over all attempts.
  var bodyBytesSent: Int {
    guard let operation else { return 0 }
    var requestBytes = 0
    var bodyBytes = 0
    guard ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &requestBytes) == CURLE_OK,
      ccurl_get_size(easy, CURLINFO_SIZE_UPLOAD_T, &bodyBytes) == CURLE_OK
    else { return operation.driven.requestBody.count }
    if requestBytes == 0 { return 0 }
    return isOnlyAttempt
      ? min(bodyBytes, operation.driven.requestBody.count) : operation.driven.requestBody.count
  }

  /// Whether libcurl was reading the head of an answer.
  var isReadingHead: Bool {
    var requestBytes = 0
    return head.isOpen && ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &requestBytes) == CURLE_OK
      && requestBytes > 0
  }

  /// Returns the answer's body, with a NUL; empty if there is no memory for it.
  func moveBody() -> ByteBuffer {
    var body = ByteBuffer(byteLimit: 0)
    swap(&body, &answer)
    if body.isEmpty { return body }
    do throws(BufferError) { try body.append(0) } catch { return ByteBuffer(byteLimit: 0) }
    return body
  }

  private func setRequest(
    _ operation: Operation, _ endpoint: Endpoint, reusesConnections: Bool
  ) -> Bool {
    let row = operation.driven.exchange.row
    // A question may use a connection that is about to close: it can be asked again.
    let reuses = row.method == .get || reusesConnections
    return setURL(row.path, operation, endpoint) && setMethod(row.method, operation)
      && connect(isFresh: !reuses || operation.driven.needsFreshConnection, isKept: reuses)
  }

  private func setURL(_ path: Exchange.Path, _ operation: Operation, _ endpoint: Endpoint) -> Bool {
    if path == .sessions {
      if hasSessionsURL { return true }
      hasSessionsURL = set(
        CURLOPT_CURLU, endpoint.parsedURL.map { UnsafeRawPointer($0) })
      return hasSessionsURL
    }
    hasSessionsURL = false
    guard let url = try? endpoint.url(path, of: operation) else { return false }
    // A parsed URL would override the text.
    return set(CURLOPT_CURLU, nil) && set(CURLOPT_URL, url.text)
  }

  private func setMethod(_ method: Exchange.Method, _ operation: Operation) -> Bool {
    // For libcurl a PATCH is a POST with another name. It keeps the name for later requests, unless it is reset.
    if isPatch != (method == .patch) {
      let name = method == .patch ? UnsafeRawPointer(cString("PATCH")) : nil
      guard set(CURLOPT_CUSTOMREQUEST, name) else { return false }
      isPatch = method == .patch
    }
    switch method {
    case .get: return set(CURLOPT_HTTPGET, 1)
    case .post, .patch:
      // With a content length, a server does not execute half a body. From memory, head and body are sent with one
      // system call; through a read callback it takes two calls, and 50 % more time.
      return ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, operation.driven.requestBody.count)
        == CURLE_OK
        && set(
          CURLOPT_POSTFIELDS, operation.driven.requestBody.address.map { UnsafeRawPointer($0) })
    }
  }

  /// Sets whether a new connection is used, and whether it is kept.
  private func connect(isFresh: Bool, isKept: Bool) -> Bool {
    if self.isFresh != isFresh {
      guard set(CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0) else { return false }
      self.isFresh = isFresh
    }
    if self.isKept != isKept {
      guard set(CURLOPT_FORBID_REUSE, isKept ? 0 : 1) else { return false }
      self.isKept = isKept
    }
    return true
  }

  private func setTimeout(until deadline: UInt64, from now: UInt64) -> Bool {
    let left = deadline > now ? (deadline - now) / 1_000_000 : 0
    return set(CURLOPT_TIMEOUT_MS, Int(max(left, 1)))
  }
}

// MARK: Callbacks

extension Transfer {
  /// Returns whether libcurl may send the request; it asks before every attempt, even one of its own.
  func beginAttempt(fromPort port: Int32) -> Bool {
    var connects = 0
    ccurl_get_long(easy, CURLINFO_NUM_CONNECTS, &connects)
    isOnlyAttempt = attempts == 0 && connects > 0
    if connects == 0, !sockets.isQuiet(port: port) {
      isStale = attempts == 0
      return false
    }
    // What was sent may have been executed; after an attempt that sent nothing, another is safe.
    if attempts > 0, bodyBytesSent > 0 { return false }
    attempts &+= 1
    head.open()
    return show(heads: true)
  }

  /// Sets whether libcurl passes the lines of a head to `receive(_:)` before it stores them.
  private func show(heads: Bool) -> Bool {
    if !screensHeads || heads == showsHeads { return true }
    showsHeads = heads
    return set(CURLOPT_HEADER, heads ? 1 : 0)
  }

  /// Receives a line of a head, or of the trailers; libcurl gives up unless this returns its length.
  func receiveLine(_ line: Span<UInt8>) -> Int {
    refusal = head.take(line)
    if refusal != DEEPIDV_OK { return 0 }
    if head.isOpen, let first = line.at(0), first == 0x0D || first == 0x0A {
      var status = 0
      ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
      head.end(httpStatus: status)
      // After a 1xx, another head follows.
      if head.isOpen, !show(heads: true) { return 0 }
    }
    return line.count
  }

  /// Receives a piece of the body, or of a head; libcurl gives up unless this returns its length.
  func receive(_ piece: Span<UInt8>) -> Int {
    if screensHeads, head.isOpen {
      guard head.admits(piece) else {
        refusal = DEEPIDV_E_ANSWER_HTTP
        return 0
      }
      // Only the first lines matter, and each that is passed costs as much as setting an option.
      return head.isPastFirstHeader && !show(heads: false) ? 0 : piece.count
    }
    do throws(BufferError) {
      // Most answers arrive in one piece, and a buffer that moves has to be wiped.
      if answer.isEmpty { try answer.reserve(max(piece.count + 1, 1024)) }
      try answer.append(piece)
      return piece.count
    } catch {
      refusal = error == .full ? DEEPIDV_E_ANSWER_TOO_LARGE : DEEPIDV_E_NOMEM
      return 0
    }
  }
}
