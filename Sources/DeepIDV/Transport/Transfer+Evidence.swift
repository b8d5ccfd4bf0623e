import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

// What was observed of an exchange; `ExchangeEvaluation` decides what it means.

extension Transfer {
  /// Evaluates an exchange of an operation.
  ///
  /// - Parameters:
  ///   - code: libcurl's result, or nil if the transfer was cancelled.
  ///   - plainHosts: Hosts that a browser may open without TLS, besides this machine.
  func evaluate(
    _ operation: Operation, result code: CURLcode?, plainHosts: borrowing ByteBuffer
  ) -> ExchangeEvaluation {
    let exchange = operation.driven.exchange
    let evidence = evidence(of: operation, code)
    return plainHosts.withSpan { hosts in
      answer.withSpan { body in
        operation.withSubject(of: exchange) { subject in
          operation.query.pageToken.withSpan { token in
            ExchangeEvaluation(
              of: exchange, for: operation.kind, unsent: operation.driven.unsent, evidence,
              body: body, about: subject, after: token,
              plainHosts: hosts.extracting(first: max(0, hosts.count - 1)), isEncoded: isEncoded)
          }
        }
      }
    }
  }

  private func evidence(of operation: Operation, _ code: CURLcode?) -> ExchangeEvidence {
    var status = 0
    ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
    var evidence = ExchangeEvidence(
      DeliveryEvidence(
        httpStatus: status, attempts: attempts, bodyBytesSent: bodyBytesSent,
        bodyBytes: operation.driven.requestBody.count, hasSessionID: false),
      transportCause: transportCause(code))
    evidence.isTimeout = code == CURLE_OPERATION_TIMEDOUT
    evidence.isCutOff = refusal != DEEPIDV_OK
    evidence.isStale = isStale
    evidence.sessionLimit = operation.sessionLimit
    evidence.decision = operation.query.decision
    evidence.hasRecord = operation.driven.latestResult?.answer.isComplete ?? false
    if status >= 300 { evidence.retryAfter = retryAfter }
    if operation.driven.exchange == .search { evidence.search = search(for: operation) }
    return evidence
  }

  /// Returns which sessions can be the one that is searched for.
  private func search(for operation: Operation) -> SessionSearch {
    if operation.driven.unsent == .notSent { return .ofAnyAge }
    // If another process sent the create, only its clock is known, which may be another machine's.
    let isOwnCreate = operation.kind.row.exchange != .search
    let date = isOwnCreate ? header("Date") : nil
    let sent = operation.driven.sent
    return SessionSearch(
      ofCreateSentAt: sent?.wall ?? 0,
      secondsAgo: isOwnCreate
        ? (cplatform_now_ns() &- (sent?.monotonic ?? 0)) / 1_000_000_000 : nil,
      serviceNow: date.flatMap { date in
        withInput(date) { httpDateSeconds($0, near: cplatform_wall_seconds()) }
      })
  }

  /// Seconds to wait, from a valid `Retry-After`.
  private var retryAfter: UInt64? {
    guard let value = header("Retry-After") else { return nil }
    let wallClock = cplatform_wall_seconds()
    guard let date = header("Date") else {
      return withInput(value) { retryAfterSeconds($0, date: nil, wallClock: wallClock) }
    }
    return withInput(value) { value in
      withInput(date) { retryAfterSeconds(value, date: $0, wallClock: wallClock) }
    }
  }

  /// Returns a header of the final answer.
  private func header(_ name: StaticString) -> UnsafePointer<CChar>? {
    var found: UnsafeMutablePointer<curl_header>?
    guard curl_easy_header(easy, cString(name), 0, UInt32(CURLH_HEADER), -1, &found) == CURLHE_OK
    else { return nil }
    return UnsafePointer(found?.pointee.value)
  }

  /// Whether the answer's body has a content coding, although none was requested.
  private var isEncoded: Bool {
    guard let codings = header("Content-Encoding") else { return false }
    return withInput(codings) { namesCoding($0, besides: "identity") }
  }

  /// Returns why libcurl ended without a complete answer, or `DEEPIDV_OK`.
  private func transportCause(_ code: CURLcode?) -> deepidv_status {
    guard let code else { return DEEPIDV_E_CANCELLED }
    if refusal != DEEPIDV_OK { return refusal }
    switch code {
    case CURLE_OK: return DEEPIDV_OK
    // libcurl 7.88 reports a header line that is too long as if memory had run out.
    case CURLE_OUT_OF_MEMORY where isReadingHead: return DEEPIDV_E_ANSWER_TOO_LARGE
    case CURLE_PEER_FAILED_VERIFICATION: return certificateCause
    case CURLE_OPERATION_TIMEDOUT where hasProxy && !hasConnected: return DEEPIDV_E_PROXY
    default: return cause(of: code, attempts: attempts, hasProxy: hasProxy)
    }
  }

  /// Whether a connection was established, to the proxy if there is one.
  private var hasConnected: Bool {
    var microseconds = 0
    return ccurl_get_size(easy, CURLINFO_CONNECT_TIME_T, &microseconds) == CURLE_OK
      && microseconds > 0
  }

  /// What is wrong with the peer's certificate.
  private var certificateCause: deepidv_status {
    var verified = 0
    ccurl_get_long(easy, CURLINFO_SSL_VERIFYRESULT, &verified)
    return cause(ofVerification: verified)
  }
}
