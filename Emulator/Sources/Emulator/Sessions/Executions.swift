import HTTP

/// `GET /emulator/executions`: the number of executed creates.
struct Executions: Sendable {
  let emulation: Emulation

  /// Handles one call, for one external id or all.
  func respond(to form: Form) -> HTTPResponse {
    if let id = form["external_id"] {
      return Response.json(
        .ok, OfOne(externalID: id, executions: emulation.executions(ExternalID(id))))
    }
    let counts = emulation.executions()
    // As String keys, two Unicode spellings of a character are equal.
    let executions = Dictionary(
      counts.byExternalID.map { ($0.key.text, $0.value) }, uniquingKeysWith: +)
    return Response.json(.ok, OfAll(total: counts.total, executions: executions))
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
