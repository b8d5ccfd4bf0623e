import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

extension Connection {
  /// Begins the next exchange of an operation; false if there is no memory, or libcurl refused, and nothing was sent.
  ///
  /// - Parameter keepsConnection: Whether the connection is kept afterwards.
  func begin(
    _ operation: Operation, _ endpoint: Endpoint, keepsConnection: Bool, at now: UInt64
  ) -> Bool {
    let row = operation.driven.exchange.row
    transfer = Transfer()
    transfer.reader = HTTPResponseReader(
      keepsDate: operation.driven.exchange == .search, wallClock: cplatform_wall_seconds())
    transfer.answer = ByteBuffer(byteLimit: row.answerLimit &+ 1)
    transfer.began = now
    transfer.deadline = operation.driven.policy.attemptDeadline(from: now)
    transfer.keepsConnection = keepsConnection
    transfer.isReused = phase == .open
    do throws(BufferError) { try writeRequest(of: operation, endpoint) } catch { return false }
    if phase == .closed, !connect(at: now) { return false }
    if operation.driven.exchange == .create { operation.noteSent(at: now) }
    self.operation = operation
    return true
  }

  private func writeRequest(of operation: Operation, _ endpoint: Endpoint) throws(BufferError) {
    let row = operation.driven.exchange.row
    var request = ByteBuffer(byteLimit: 64 << 20)
    transfer.headSize = try operation.withSubject(of: operation.driven.exchange) {
      subject throws(BufferError) in
      try operation.query.pageToken.withSpan { token throws(BufferError) in
        try operation.driven.requestBody.withSpan { body throws(BufferError) in
          try endpoint.requests.write(
            row.method, row.path, subject: subject, limit: operation.query.askedLimit,
            token: token, body: body, trace: operation.query.trace, to: &request)
        }
      }
    }
    transfer.bodySize = request.count &- transfer.headSize
    swap(&request, &transfer.request)
  }

  /// Takes the news that libcurl has connected, or has failed to.
  func connected(_ code: CURLcode, at now: UInt64, _ piece: inout ByteBuffer) {
    noteEnd()
    if code != CURLE_OK {
      end(failureToConnect(code))
    } else if hasConnected(at: now) {
      sendFirst(&piece)
    } else {
      end(Transfer.Ending(cause: DEEPIDV_E_SYSTEM))
    }
  }

  /// The time for this attempt has passed.
  func expire() {
    if phase == .connecting {
      end(failureToConnect(CURLE_OPERATION_TIMEDOUT))
    } else {
      end(Transfer.Ending(cause: DEEPIDV_E_TIMEOUT, isTimeout: true))
    }
  }

  func end(_ ending: Transfer.Ending) {
    if transfer.ending == nil { transfer.ending = ending }
  }

  /// Sends as far as possible without waiting; there cannot be an answer yet, unless the peer refuses to receive.
  func sendFirst(_ piece: inout ByteBuffer) {
    send()
    if transfer.hasFailedToSend { receive(&piece) }
  }

  /// Sends and receives as far as possible without waiting.
  ///
  /// - Parameter piece: An empty buffer for what arrives.
  func proceed(_ piece: inout ByteBuffer) {
    send()
    receive(&piece)
  }
}

// MARK: Sending

extension Connection {
  /// Sends as much as the system takes.
  private func send() {
    while !transfer.isSent, !transfer.hasFailedToSend {
      // TLS gets a record at a time, so that it cannot send a part of what it says it has not sent.
      let size = min(transfer.request.count &- transfer.sent, isPlain ? .max : Transfer.pieceSize)
      guard let start = transfer.request.address else { return }
      var count = 0
      let code = curl_easy_send(easy, start + transfer.sent, size, &count)
      if code == CURLE_OK, count > 0, count <= size {
        transfer.pieceUnderWay = 0
        transfer.emptyReads = 0
        transfer.sent &+= count
      } else if code == CURLE_AGAIN || code == CURLE_OK {
        if !isPlain { transfer.pieceUnderWay = size }
        return watchForRoom(true)
      } else {
        transfer.hasFailedToSend = true
      }
    }
    watchForRoom(false)
    transfer.request = ByteBuffer(byteLimit: 0)
  }
}

// MARK: Receiving

extension Connection {
  /// How often in a row TLS may have nothing for us: each time it has read something, which a peer can repeat for ever.
  private static var longestSilence: Int { 1_000 }

  private func receive(_ piece: inout ByteBuffer) {
    while transfer.ending == nil {
      var code = CURLE_AGAIN
      do throws(BufferError) {
        try piece.append(upTo: Transfer.pieceSize) { start in
          var count = 0
          code = curl_easy_recv(easy, start, Transfer.pieceSize, &count)
          return code == CURLE_OK ? count : 0
        }
      } catch { return end(Transfer.Ending(cause: DEEPIDV_E_NOMEM)) }
      switch code {
      case CURLE_OK where piece.isEmpty:
        end(Transfer.Ending(cause: transfer.reader.end(hasUnread: !transfer.unread.isEmpty)))
      case CURLE_OK:
        transfer.emptyReads = 0
        take(&piece)
      case CURLE_AGAIN:
        transfer.emptyReads &+= 1
        // Whoever refuses a request early, answers it before closing the connection.
        let isOver = transfer.hasFailedToSend && !isReadable
        if isOver || transfer.emptyReads > Self.longestSilence {
          end(Transfer.Ending(cause: DEEPIDV_E_CONNECTION_LOST))
        }
        return
      default: end(Transfer.Ending(cause: DEEPIDV_E_CONNECTION_LOST))
      }
    }
  }

  /// Reads what has arrived.
  private func take(_ piece: inout ByteBuffer) {
    transfer.received &+= piece.count
    let refusal = transfer.read(piece)
    piece.removeAll()
    if refusal != DEEPIDV_OK {
      end(Transfer.Ending(cause: refusal, isCutOff: true))
    } else if transfer.reader.isComplete {
      end(Transfer.Ending(cause: DEEPIDV_OK))
    }
  }
}

// MARK: The end

extension Connection {
  /// Ends the exchange, and returns what it means and the operation's latest result.
  ///
  /// - Parameter plainHosts: Hosts that a browser may open without TLS, besides this machine.
  func finish(
    plainHosts: borrowing ByteBuffer, at now: UInt64
  ) -> (Operation, ExchangeReport, OperationResult)? {
    guard let operation, let ending = transfer.ending else { return nil }
    self.operation = nil
    // Bytes behind the answer would be read as the answer to the next request.
    let isKept =
      ending.cause == DEEPIDV_OK && transfer.reader.keepsConnection && transfer.keepsConnection
      && transfer.isSent && transfer.unread.isEmpty
    if isKept { noteUse(at: now) } else { close() }
    // A search for a create is not an attempt at it.
    if operation.driven.exchange == operation.kind.row.exchange, transfer.bytesSent > 0 {
      operation.driven.attempts &+= 1
    }
    let evaluation = evaluate(operation, ending, plainHosts: plainHosts)
    let report = evaluation.report
    if !evaluation.hasResult, let earlier = operation.driven.latestResult {
      return (operation, report, earlier)
    }
    let result = OperationResult(evaluation, responseBody: moveBody())
    transfer.reader.requestID.withSpan { result.keepRequestID($0) }
    if let advice = ending.advice { result.advise(advice) }
    return (operation, report, result)
  }

  /// Returns the answer's body, with a NUL; empty if there is no memory for it.
  private func moveBody() -> ByteBuffer {
    var body = ByteBuffer(byteLimit: 0)
    swap(&body, &transfer.answer)
    if body.isEmpty { return body }
    do throws(BufferError) { try body.append(0) } catch { return ByteBuffer(byteLimit: 0) }
    return body
  }
}
