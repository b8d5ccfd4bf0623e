import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// One easy handle, used for one exchange after another.
///
/// It asks what has left, because no code of libcurl's says whether a request was executed, and it
/// forbids libcurl to send again what may have been: a reused connection that dies makes libcurl repeat a
/// POST up to five times, silently.
final class Transfer {
  let easy: UnsafeMutableRawPointer
  private(set) var operation: Operation?

  // Of the exchange under way.
  private(set) var attempts: UInt32 = 0
  /// Whether there was one attempt, over a connection of its own: only on one that was used before does
  /// libcurl make another.
  private var isOnlyAttempt = false
  private var head = AnswerHead()
  private(set) var answer = ByteBuffer(byteLimit: 0)
  /// Why the rest of the answer was not taken, or `DEEPIDV_OK`.
  private(set) var refusal = DEEPIDV_OK
  /// Whether the connection at hand was not fit to be used again, and nothing was sent over it.
  private(set) var isStale = false
  let hasProxy: Bool
  let unread: UnreadVariables
  private let sockets: Sockets
  // What libcurl has been told, in the beginning nothing: each option costs as much as reading a header.
  private var isAddressedToSessions = false
  private var isFresh = false
  private var isKept = true

  /// Whether the lines of a head are shown to `keep(_:)` before libcurl stores them.
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

  /// nil if libcurl refused an option: a guard that is not in place protects nobody.
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
      // HTTP/2 has more ways to send again, and more requests that share one connection's fate.
      && set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
      // A redirect would carry the API key and the applicant to wherever it says.
      && set(CURLOPT_FOLLOWLOCATION, 0)
      && set(CURLOPT_NOSIGNAL, 1)
      && set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
      && set(CURLOPT_CONNECTTIMEOUT_MS, Int(settings.connectTimeoutMS))
      // Without it a name server that does not answer stalls every other transfer as well.
      && set(CURLOPT_QUICK_EXIT, 1)
      // Both are set even if empty: else libcurl reads the environment.
      && set(CURLOPT_PROXY, settings.proxy.text ?? cString(""))
      && set(CURLOPT_NOPROXY, cString(""))
      && set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
      && limitAge()
      && ccurl_keep_tls_secrets(easy) == CURLE_OK
      && trust(settings)
  }

  /// Ends a connection after a time, however busy it is.
  ///
  /// Else a service that moves is never found by who asks often. libcurl can do so since 7.80.
  private func limitAge() -> Bool {
    let refused = ccurl_set_long(easy, CURLOPT_MAXLIFETIME_CONN, 120)
    return refused == CURLE_OK || refused == CURLE_UNKNOWN_OPTION
  }

  /// Trusts the certificates that were named, or the system's; a proxy that is spoken to with TLS is no exception.
  ///
  /// A directory beside the file would be trusted too, and libcurl then reads the file anew for each
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
      && ccurl_set_transfer(easy, CURLOPT_WRITEFUNCTION, transferWriteAnswer) == CURLE_OK
      && ccurl_set_transfer(easy, CURLOPT_HEADERFUNCTION, transferTakeLine) == CURLE_OK
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
  /// Begins the next exchange of an operation; false if libcurl refused, and nothing was sent.
  func begin(
    _ operation: Operation, _ endpoint: Endpoint, _ settings: borrowing Settings,
    on multi: UnsafeMutableRawPointer
  ) -> Bool {
    let now = cplatform_now_ns()
    attempts = 0
    isOnlyAttempt = false
    head = AnswerHead()
    refusal = DEEPIDV_OK
    isStale = false
    answer = ByteBuffer(byteLimit: operation.driven.exchange.row.answerLimit)
    guard address(operation, endpoint, settings),
      setTimeout(until: operation.driven.policy.attemptDeadline(from: now), from: now),
      curl_multi_add_handle(multi, easy) == CURLM_OK
    else { return false }
    if operation.driven.exchange == .create { operation.noteSent(at: now) }
    self.operation = operation
    return true
  }

  /// Ends the exchange, and returns what it has brought and how the operation would end now.
  ///
  /// - Parameter code: What libcurl ended with, or nil if the operation was cancelled.
  func end(
    _ code: CURLcode?, _ settings: borrowing Settings, on multi: UnsafeMutableRawPointer
  ) -> (Operation, ExchangeReport, OperationResult)? {
    curl_multi_remove_handle(multi, easy)
    guard let operation else { return nil }
    defer { self.operation = nil }
    // Searching for a create is no attempt at it.
    if operation.driven.exchange == operation.kind.row.exchange {
      operation.driven.attempts &+= attempts
    }
    let evaluation = evaluate(operation, code, settings)
    let report = evaluation.report
    if !evaluation.hasResult, let earlier = operation.driven.latestResult {
      return (operation, report, earlier)
    }
    let result = OperationResult(evaluation, responseBody: takeAnswer())
    if let code, attempts == 0, let advice = advice(on: code, unread: unread) {
      result.advise(advice)
    }
    return (operation, report, result)
  }

  /// How many bytes of the body may have left.
  ///
  /// libcurl counts the body's bytes for one attempt only, and begins again with a silent one. So they are
  /// believed where there was one for certain; else all may have left as soon as any byte of a request has,
  /// which libcurl counts over all attempts.
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

  /// The body with a NUL behind it, or nothing if there is no memory for it.
  func takeAnswer() -> ByteBuffer {
    var body = ByteBuffer(byteLimit: 0)
    swap(&body, &answer)
    if body.isEmpty { return body }
    do throws(BufferError) { try body.append(0) } catch { return ByteBuffer(byteLimit: 0) }
    return body
  }

  private func address(
    _ operation: Operation, _ endpoint: Endpoint, _ settings: borrowing Settings
  ) -> Bool {
    let row = operation.driven.exchange.row
    // A question may be asked over a connection that is closing: it is asked again.
    let reuses = row.method == .get || settings.reusesConnections
    return setURL(row.path, operation, endpoint) && setMethod(row.method, operation)
      && connect(isFresh: !reuses || operation.driven.needsFreshConnection, isKept: reuses)
  }

  private func setURL(_ path: Exchange.Path, _ operation: Operation, _ endpoint: Endpoint) -> Bool {
    if path == .sessions {
      if isAddressedToSessions { return true }
      isAddressedToSessions = set(
        CURLOPT_CURLU, endpoint.parsedURL.map { UnsafeRawPointer($0) })
      return isAddressedToSessions
    }
    isAddressedToSessions = false
    guard let url = try? endpoint.url(path, of: operation) else { return false }
    // One that is taken apart already would win over a text.
    return set(CURLOPT_CURLU, nil) && set(CURLOPT_URL, url.text)
  }

  private func setMethod(_ method: Exchange.Method, _ operation: Operation) -> Bool {
    switch method {
    case .get: set(CURLOPT_HTTPGET, 1)
    case .post:
      // A length that is announced lets a server know that half a body is none. From memory, head and body
      // leave in one call; through a read callback they take two, and half as much time again.
      ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, operation.driven.requestBody.count)
        == CURLE_OK
        && set(
          CURLOPT_POSTFIELDS, operation.driven.requestBody.address.map { UnsafeRawPointer($0) })
    }
  }

  /// Chooses whether a new connection is made, and whether it is kept; libcurl is told what changes.
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
  /// Whether libcurl may send the request; every attempt comes by here, the silent ones too.
  func beginAttempt(fromPort port: Int32) -> Bool {
    var connects = 0
    ccurl_get_long(easy, CURLINFO_NUM_CONNECTS, &connects)
    isOnlyAttempt = attempts == 0 && connects > 0
    if connects == 0, !sockets.isQuiet(port: port) {
      isStale = attempts == 0
      return false
    }
    // What has left may have been executed; an attempt that sent nothing can be made again.
    if attempts > 0, bodyBytesSent > 0 { return false }
    attempts &+= 1
    head.open()
    return show(heads: true)
  }

  /// Chooses whether libcurl shows the lines of a head to `keep(_:)` before it stores them.
  private func show(heads: Bool) -> Bool {
    if !screensHeads || heads == showsHeads { return true }
    showsHeads = heads
    return set(CURLOPT_HEADER, heads ? 1 : 0)
  }

  /// Takes a line of a head, or of the trailers; anything but its length makes libcurl give up.
  func takeLine(_ line: Span<UInt8>) -> Int {
    refusal = head.take(line)
    if refusal != DEEPIDV_OK { return 0 }
    if head.isOpen, let first = line.at(0), first == 0x0D || first == 0x0A {
      var status = 0
      ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
      head.end(httpStatus: status)
      // After a 1xx another head begins.
      if head.isOpen, !show(heads: true) { return 0 }
    }
    return line.count
  }

  /// Keeps a piece of the answer; anything but its length makes libcurl give up.
  func keep(_ piece: Span<UInt8>) -> Int {
    if screensHeads, head.isOpen {
      guard head.admits(piece) else {
        refusal = DEEPIDV_E_ANSWER_HTTP
        return 0
      }
      // All lines but the first are of no interest, and each that is shown costs as much as an option.
      return head.isPastFirstHeader && !show(heads: false) ? 0 : piece.count
    }
    do throws(BufferError) {
      // Most answers come in one piece, and what moves is wiped where it was.
      if answer.isEmpty { try answer.reserve(max(piece.count + 1, 1024)) }
      try answer.append(piece)
      return piece.count
    } catch {
      refusal = error == .full ? DEEPIDV_E_ANSWER_TOO_LARGE : DEEPIDV_E_NOMEM
      return 0
    }
  }
}
