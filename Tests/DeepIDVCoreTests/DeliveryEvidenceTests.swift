import Testing

@testable import DeepIDVCore

@Suite struct DeliveryEvidenceTests {
  /// Every combination of evidence, compared with the rules in words.
  @Test func everyCombination() {
    // One #expect for all, since twenty thousand are slow.
    var wrong: [DeliveryEvidence] = []
    for httpStatus in [0] + Array(200...599) {
      for attempts: UInt32 in [0, 1, 2] {
        for sent in [0, 1, 99, 100] {
          for hasID in [false, true] {
            let delivery = DeliveryEvidence(
              httpStatus: httpStatus, attempts: attempts, bodyBytesSent: sent, bodyBytes: 100,
              hasSessionID: hasID)
            if delivery.outcome != expected(httpStatus, attempts, sent, hasID) {
              wrong.append(delivery)
            }
          }
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong)")
  }

  private func expected(_ status: Int, _ attempts: UInt32, _ sent: Int, _ hasID: Bool) -> Outcome {
    if status / 100 == 2 { return hasID ? .created : .unknown }
    if status / 100 == 3 { return .rejected }
    if status / 100 == 4 { return status == 408 ? .unknown : .rejected }
    if status / 100 == 5 { return .unknown }
    if attempts == 0 { return .notSent }
    return sent < 100 ? .notProcessed : .unknown
  }

  @Test func statusesThatNobodyKnows() {
    let delivery = DeliveryEvidence(
      httpStatus: 600, attempts: 1, bodyBytesSent: 100, bodyBytes: 100, hasSessionID: false)
    #expect(delivery.outcome == .unknown)
  }
}
