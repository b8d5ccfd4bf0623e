import HTTP

extension Service {
  /// The answer to a call with an injected fault.
  func answer(to call: Call, under fault: Fault) -> HTTPAnswer {
    let executed = fault.executes ? response(to: call) : nil
    switch fault.kind {
    case .wait(let milliseconds):
      return .after(milliseconds: milliseconds) {
        .response(finished(executed ?? response(to: call), of: call, under: fault))
      }
    case .status(let code, let contentType, let text, let headers):
      var response = Response.response(
        HTTPStatus(statusCode: code, reasonPhrase: Fault.phrase(of: code)),
        contentType: contentType, body: Array(text.utf8))
      for (name, value) in headers { response.headers.replaceOrAdd(name: name, value: value) }
      return .response(finished(response, of: call, under: fault))
    case .cut:
      let response = finished(executed ?? response(to: call), of: call, under: fault)
      return .cut(response, bodyLength: response.body.count / 2)
    case .close, .reset, .garbage: break
    }
    // Only for the log.
    _ = finished(executed ?? HTTPResponse(.ok), of: call, under: fault)
    return switch fault.kind {
    case .reset: .reset
    case .garbage: .bytes(Fault.garbage)
    default: .bytes([])
    }
  }
}
