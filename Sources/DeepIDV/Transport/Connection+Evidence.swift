import CDeepIDV
import CPlatform
import DeepIDVCore

// What was observed of an exchange; `ExchangeEvaluation` decides what it means.

extension Connection {
  /// Evaluates an exchange of an operation.
  ///
  /// - Parameter plainHosts: Hosts that a browser may open without TLS, besides this machine.
  func evaluate(
    _ operation: Operation, _ ending: Transfer.Ending, plainHosts: borrowing ByteBuffer
  ) -> ExchangeEvaluation {
    let exchange = operation.driven.exchange
    let evidence = evidence(of: operation, ending)
    return plainHosts.withSpan { hosts in
      transfer.answer.withSpan { body in
        operation.withSubject(of: exchange) { subject in
          operation.query.pageToken.withSpan { token in
            ExchangeEvaluation(
              of: exchange, for: operation.kind, unsent: operation.driven.unsent, evidence,
              body: body, about: subject, after: token,
              plainHosts: hosts.part(0, max(0, hosts.count - 1)),
              isEncoded: transfer.reader.isEncoded)
          }
        }
      }
    }
  }

  private func evidence(of operation: Operation, _ ending: Transfer.Ending) -> ExchangeEvidence {
    var evidence = ExchangeEvidence(
      DeliveryEvidence(
        httpStatus: transfer.reader.status, attempts: transfer.bytesSent > 0 ? 1 : 0,
        bodyBytesSent: max(0, transfer.bytesSent &- transfer.headSize),
        bodyBytes: transfer.bodySize, hasSessionID: false),
      transportCause: ending.cause)
    evidence.isTimeout = ending.isTimeout
    evidence.isCutOff = ending.isCutOff
    evidence.isStale = transfer.isStale
    evidence.sessionLimit = operation.sessionLimit
    evidence.decision = operation.query.decision
    evidence.hasRecord = operation.driven.latestResult?.answer.isComplete ?? false
    evidence.retryAfter = transfer.reader.retryAfter
    if operation.driven.exchange == .search { evidence.search = search(for: operation) }
    return evidence
  }

  /// Returns which sessions can be the one that is searched for.
  private func search(for operation: Operation) -> SessionSearch {
    if operation.driven.unsent == .notSent { return .ofAnyAge }
    // If another process sent the create, only its clock is known, which may be another machine's.
    let isOwnCreate = operation.kind.row.exchange != .search
    let sent = operation.driven.sent
    return SessionSearch(
      ofCreateSentAt: sent?.wall ?? 0,
      secondsAgo: isOwnCreate
        ? (cplatform_now_ns() &- (sent?.monotonic ?? 0)) / 1_000_000_000 : nil,
      serviceNow: isOwnCreate ? transfer.reader.date : nil)
  }
}
