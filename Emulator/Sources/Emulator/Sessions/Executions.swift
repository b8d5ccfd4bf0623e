import FlyingFox

/// `GET /emulator/executions`: how often a create was executed.
struct Executions: Sendable {
  let emulation: Emulation

  /// Answers one call: for one external id, or for all.
  func answer(_ form: Form) -> HTTPResponse {
    if let id = form["external_id"] {
      return Answer.json(
        .ok, OfOne(externalID: id, executions: emulation.executions(ExternalID(id))))
    }
    let counts = emulation.executions()
    // JSON objects are dictionaries of strings here, and two spellings of a character are one key.
    let executions = Dictionary(
      counts.byExternalID.map { ($0.key.text, $0.value) }, uniquingKeysWith: +)
    return Answer.json(.ok, OfAll(total: counts.total, executions: executions))
  }

  private struct OfOne: Encodable {
    let externalID: String
    let executions: Int

    private enum CodingKeys: String, CodingKey {
      case externalID = "external_id"
      case executions
    }
  }

  private struct OfAll: Encodable {
    let total: Int
    let executions: [String: Int]
  }
}
