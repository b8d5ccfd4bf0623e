import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// One easy handle, used for one create after another.
///
/// It counts what has left, because no code of libcurl's says whether a request was executed, and it
/// forbids libcurl to send again what may have been: a reused connection that dies makes libcurl repeat a
/// POST up to five times, silently.
final class Transfer {
  /// An answer has a few hundred bytes; what is larger is not one.
  private static var answerLimit: Int { 4 << 20 }

  let easy: UnsafeMutableRawPointer
  private(set) var operation: Operation?

  private var attempts: UInt32 = 0
  private var bodyBytesSent = 0
  private var answer = ByteBuffer(byteLimit: Transfer.answerLimit)
  private var answerError: BufferError?
  private let hasProxy: Bool

  private init(_ easy: UnsafeMutableRawPointer, hasProxy: Bool) {
    self.easy = easy
    self.hasProxy = hasProxy
  }

  /// nil if libcurl refused an option: a guard that is not in place protects nobody.
  static func make(_ endpoint: Endpoint, _ settings: borrowing Settings) -> Transfer? {
    guard let easy = curl_easy_init() else { return nil }
    let transfer = Transfer(easy, hasProxy: settings.proxy.count > 1)
    return transfer.configure(endpoint, settings) && transfer.install() ? transfer : nil
  }

  deinit { curl_easy_cleanup(easy) }

  private func configure(_ endpoint: Endpoint, _ settings: borrowing Settings) -> Bool {
    return set(CURLOPT_URL, endpoint.url.text)
      && set(CURLOPT_HTTPHEADER, endpoint.headers)
      && set(CURLOPT_USERAGENT, endpoint.userAgent.text)
      && set(CURLOPT_PROTOCOLS_STR, cString(endpoint.isPlain ? "http" : "https"))
      && set(CURLOPT_POST, 1)
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
      && (settings.caFile.isEmpty || set(CURLOPT_CAINFO, settings.caFile.text))
  }

  private func install() -> Bool {
    let me = Unmanaged.passUnretained(self).toOpaque()
    return set(CURLOPT_READDATA, me) && set(CURLOPT_WRITEDATA, me) && set(CURLOPT_PREREQDATA, me)
      && ccurl_set_transfer(easy, CURLOPT_READFUNCTION, transferReadBody) == CURLE_OK
      && ccurl_set_transfer(easy, CURLOPT_WRITEFUNCTION, transferWriteAnswer) == CURLE_OK
      && ccurl_set_prereq(easy, transferBeginAttempt) == CURLE_OK
      && ccurl_set_open_socket(easy, transferOpenSocket) == CURLE_OK
  }

  private func set(_ option: CURLoption, _ value: Int) -> Bool {
    ccurl_set_long(easy, option, value) == CURLE_OK
  }

  private func set(_ option: CURLoption, _ value: UnsafeRawPointer?) -> Bool {
    ccurl_set_pointer(easy, option, value) == CURLE_OK
  }
}

// MARK: An operation's run

extension Transfer {
  /// Begins to send an operation; false if libcurl refused, and nothing was sent.
  func begin(_ operation: Operation, on multi: UnsafeMutableRawPointer) -> Bool {
    let now = cplatform_now_ns()
    let left = operation.deadline > now ? (operation.deadline - now) / 1_000_000 : 0
    attempts = 0
    bodyBytesSent = 0
    answerError = nil
    self.operation = operation
    if set(CURLOPT_TIMEOUT_MS, Int(max(left, 1))),
      // A length that is announced lets a server know that half a body is none.
      ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, operation.body.count) == CURLE_OK,
      curl_multi_add_handle(multi, easy) == CURLM_OK
    {
      return true
    }
    self.operation = nil
    return false
  }

  /// Ends the run and says what became of the operation.
  ///
  /// - Parameter code: What libcurl ended with, or nil if the operation was cancelled.
  func end(_ code: CURLcode?, on multi: UnsafeMutableRawPointer) -> (Operation, OperationResult)? {
    curl_multi_remove_handle(multi, easy)
    guard let operation else { return nil }
    self.operation = nil

    var status = 0
    ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
    // A 1xx is no answer: what it announced never came.
    let httpStatus = status >= 200 ? status : 0
    let result = judge(operation, httpStatus, code)
    return (operation, result)
  }

  private func judge(
    _ operation: Operation, _ httpStatus: Int, _ code: CURLcode?
  ) -> OperationResult {
    var said = SessionAnswer()
    var failure = FailureAnswer()
    var cause = transportCause(code)
    if 200...299 ~= httpStatus {
      do throws(AnswerFault) {
        said = try answer.withSpan { body throws(AnswerFault) in
          try SessionAnswer(body, as: .created)
        }
      } catch {
        // What broke the answer off explains a bad answer better than what is left of it.
        if code == CURLE_OK { cause = error.cause }
      }
    } else if httpStatus != 0 {
      failure = answer.withSpan {
        (try? FailureAnswer($0, httpStatus: httpStatus)) ?? FailureAnswer()
      }
    }
    let outcome = Delivery(
      httpStatus: httpStatus, attempts: attempts, bodyBytesSent: bodyBytesSent,
      bodyBytes: operation.body.count, hasSessionID: !said.sessions.isEmpty
    ).outcome
    let status = DeepIDV.status(of: outcome, httpStatus: httpStatus)
    switch outcome {
    case .created, .rejected: cause = status
    case .unknown: if httpStatus >= 300 { cause = DEEPIDV_E_SERVER }
    case .notSent, .notProcessed: break
    }
    return OperationResult(
      status, cause: cause, httpStatus: Int32(truncatingIfNeeded: httpStatus), attempts: attempts,
      elapsedMicroseconds: (cplatform_now_ns() &- operation.submitted) / 1000, answer: said,
      failure: failure, body: takeAnswer())
  }

  /// Why libcurl ended without a whole answer, if it did.
  private func transportCause(_ code: CURLcode?) -> deepidv_status {
    guard let code else { return DEEPIDV_E_CANCELLED }
    switch answerError {
    case .full: return DEEPIDV_E_ANSWER_TOO_LARGE
    case .outOfMemory: return DEEPIDV_E_NOMEM
    case nil: return cause(of: code, attempts: attempts, hasProxy: hasProxy)
    }
  }

  /// The answer's bytes with a NUL behind them, or nothing if there is no memory for it.
  private func takeAnswer() -> ByteBuffer {
    var body = ByteBuffer(byteLimit: Transfer.answerLimit)
    swap(&body, &answer)
    if body.isEmpty { return body }
    do throws(BufferError) { try body.append(0) } catch { return ByteBuffer(byteLimit: 0) }
    return body
  }
}

// MARK: Callbacks

extension Transfer {
  /// May libcurl send the request? Every attempt comes by here, the silent ones too.
  func beginAttempt() -> Bool {
    // Bytes of the body may have been executed; an attempt that sent none can be made again.
    if attempts > 0, bodyBytesSent > 0 { return false }
    attempts &+= 1
    return true
  }

  /// Copies the next piece of the body.
  func readBody(into: UnsafeMutablePointer<CChar>, room: Int) -> Int {
    guard let operation, let body = operation.body.address else { return 0 }
    let count = min(room, operation.body.count - bodyBytesSent)
    guard count > 0 else { return 0 }
    UnsafeMutableRawPointer(into).copyMemory(from: body + bodyBytesSent, byteCount: count)
    // Counted when libcurl takes it, which is before it leaves: that errs towards an unknown outcome.
    bodyBytesSent += count
    return count
  }

  /// Keeps a piece of the answer; anything but its length makes libcurl give up.
  func keep(_ piece: Span<UInt8>) -> Int {
    do throws(BufferError) {
      try answer.append(piece)
      return piece.count
    } catch {
      answerError = error
      return 0
    }
  }
}
