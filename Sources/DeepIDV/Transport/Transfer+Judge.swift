import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

extension Transfer {
  /// Says what an exchange has brought.
  func judge(_ operation: Operation, _ code: CURLcode?, _ settings: borrowing Settings)
    -> ExchangeReport
  {
    var status = 0
    ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
    // A 1xx is no answer: what it announced never came.
    let httpStatus = status >= 200 ? status : 0
    var cause = transportCause(code)
    var said = SessionAnswer()
    // A session that exists is never unsaid; a question can be asked again.
    if 200...299 ~= httpStatus, refusal == DEEPIDV_OK || operation.exchange == .create {
      do throws(AnswerFault) {
        said = try settings.allowedHosts.withSpan { hosts throws(AnswerFault) in
          try read(operation, hosts.extracting(first: max(0, hosts.count - 1)))
        }
      } catch {
        // What broke the answer off explains a bad answer better than what is left of it.
        if code == CURLE_OK { cause = isEncoded ? DEEPIDV_E_ANSWER_ENCODING : error.cause }
      }
    }
    let isUnderstood = 200...299 ~= httpStatus && said.isComplete
    let outcome = DeliveryEvidence(
      httpStatus: httpStatus, attempts: attempts, bodyBytesSent: bodyBytesSent,
      bodyBytes: operation.requestBody.count, hasSessionID: isUnderstood
    ).outcome
    var report = ExchangeReport(outcome: outcome)
    report.wasAnswered = httpStatus != 0
    report.isThrottled = httpStatus == 429
    report.isStale = isStale && attempts == 0
    report.isTimeout = code == CURLE_OPERATION_TIMEDOUT
    if httpStatus >= 300 { report.retryAfter = retryAfter }
    guard operation.exchange == .search else {
      cause = reason(outcome, httpStatus, cause)
      // A question may be asked again whatever became of it, so that only the cause is of interest.
      let status =
        operation.exchange == .create
        ? DeepIDV.status(of: outcome, httpStatus: httpStatus) : cause
      let verdict = isUnderstood ? verdict(of: said) : DEEPIDV_VERDICT_UNKNOWN
      let result = result(status, cause, httpStatus, said, report.retryAfter)
      if operation.kind == DEEPIDV_EVENT_REDIRECT_CONFIRM { result.verdict = verdict }
      report.result = result
      return report
    }
    report.found = OperationPolicy.Found.none
    if isUnderstood { recordSearch(said, httpStatus, &report) }
    if report.found == OperationPolicy.Found.none, operation.kind == DEEPIDV_EVENT_SESSION_RECONCILE
    {
      // That it is not there yet is no failure: it is the time that ends the looking.
      cause = isUnderstood ? DEEPIDV_E_TIMEOUT : reason(outcome, httpStatus, cause)
      report.result = result(
        DEEPIDV_E_OUTCOME_UNKNOWN, cause, httpStatus, SessionAnswer(), report.retryAfter)
    }
    return report
  }

  /// Reads the body of a 2xx answer, which has to be about what was asked.
  ///
  /// Bytes that were left on a connection can look like an answer, and services answer for one another.
  private func read(
    _ operation: Operation, _ plainHosts: Span<UInt8>
  ) throws(AnswerFault) -> SessionAnswer {
    try answer.withSpan { body throws(AnswerFault) in
      switch operation.exchange {
      case .create:
        try operation.externalID.withSpan { id throws(AnswerFault) in
          try SessionAnswer(body, as: .created, about: id, plainHosts: plainHosts)
        }
      case .search:
        try operation.externalID.withSpan { id throws(AnswerFault) in
          let search = SessionSearch(createdNotBefore: earliestCreation(of: operation))
          return try SessionAnswer(body, as: .search(search), about: id, plainHosts: plainHosts)
        }
      case .retrieve:
        try operation.subject.withSpan { id throws(AnswerFault) in
          try SessionAnswer(body, as: .record, about: id, plainHosts: plainHosts)
        }
      case .list:
        try operation.subject.withSpan { id throws(AnswerFault) in
          try operation.pageToken.withSpan { token throws(AnswerFault) in
            try SessionAnswer(
              body, as: .page(limit: operation.sessionLimit), about: id, after: token,
              plainHosts: plainHosts)
          }
        }
      }
    }
  }

  /// What a record means for whoever waits for the session's outcome.
  private func verdict(of said: borrowing SessionAnswer) -> Int32 {
    guard let status = said.sessions.at(0)?.status else { return DEEPIDV_VERDICT_UNKNOWN }
    return said.texts.withSpan { texts in
      DeepIDVCore.verdict(ofSessionStatus: texts.extracting(status.start..<status.end))
    }
  }

  /// Why it ended so, from what the transport and the service say.
  private func reason(
    _ outcome: Outcome, _ httpStatus: Int, _ cause: deepidv_status
  ) -> deepidv_status {
    switch outcome {
    case .created, .rejected: status(of: outcome, httpStatus: httpStatus)
    case .unknown: httpStatus >= 300 ? DEEPIDV_E_SERVER : cause
    case .notSent, .notProcessed: cause
    }
  }

  private func result(
    _ status: deepidv_status, _ cause: deepidv_status, _ httpStatus: Int,
    _ said: consuming SessionAnswer, _ retryAfter: UInt64?
  ) -> OperationResult {
    let result = OperationResult(status, cause: cause)
    result.httpStatus = Int32(truncatingIfNeeded: httpStatus)
    result.answer = said
    result.retryAfterMS = min(retryAfter ?? 0, .max / 1000) * 1000
    if httpStatus >= 300 {
      result.failure = answer.withSpan {
        (try? FailureAnswer($0, httpStatus: httpStatus)) ?? FailureAnswer()
      }
    }
    result.responseBody = takeAnswer()
    return result
  }

  /// Takes what a look has found, if it has found something.
  private func recordSearch(
    _ said: consuming SessionAnswer, _ httpStatus: Int, _ report: inout ExchangeReport
  ) {
    let found = said.found
    guard found != .none else { return }
    let status = found == .one ? DEEPIDV_OK : DEEPIDV_E_DUPLICATE
    let result = result(status, status, httpStatus, said, nil)
    result.isReconciled = true
    report.found = found
    report.result = result
  }

  /// Seconds since 1970 by the service's clock, before which the create cannot have been executed.
  private func earliestCreation(of operation: Operation) -> Int64 {
    // This machine's clock is trusted for how long it is ago, not for what time it is.
    if operation.kind == DEEPIDV_EVENT_SESSION_CREATE, let date = header("Date") {
      let serviceNow = withInput(date) { httpDateSeconds($0, near: cplatform_wall_seconds()) }
      let ago = (cplatform_now_ns() &- operation.sentAt) / 1_000_000_000
      // Both clocks tell whole seconds, and the service's may be a little behind itself.
      if let serviceNow { return serviceNow - Int64(clamping: ago) - 3 }
    }
    let clockTolerance: Int64 = 120
    return operation.sentAtSeconds - clockTolerance
  }

  /// Seconds to wait, if the answer says so in a header that can be read.
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

  /// A header of the final answer.
  private func header(_ name: StaticString) -> UnsafePointer<CChar>? {
    var found: UnsafeMutablePointer<curl_header>?
    guard curl_easy_header(easy, cString(name), 0, UInt32(CURLH_HEADER), -1, &found) == CURLHE_OK
    else { return nil }
    return UnsafePointer(found?.pointee.value)
  }

  /// Whether the answer's body has a coding, all of which are unasked.
  private var isEncoded: Bool {
    guard let codings = header("Content-Encoding") else { return false }
    return withInput(codings) { namesCoding($0, besides: "identity") }
  }

  /// Why libcurl ended without a whole answer, if it did.
  private func transportCause(_ code: CURLcode?) -> deepidv_status {
    guard let code else { return DEEPIDV_E_CANCELLED }
    if refusal != DEEPIDV_OK { return refusal }
    switch code {
    // A line that is longer than libcurl 7.88 takes is told as if memory had run out.
    case CURLE_OUT_OF_MEMORY where isReadingHead: return DEEPIDV_E_ANSWER_TOO_LARGE
    case CURLE_PEER_FAILED_VERIFICATION: return certificateCause
    case CURLE_OPERATION_TIMEDOUT where hasProxy && !hasConnected: return DEEPIDV_E_PROXY
    default: return cause(of: code, attempts: attempts, hasProxy: hasProxy)
    }
  }

  /// Whether a connection was made, to the proxy if there is one.
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
