import CDeepIDV
import DeepIDVCore
import Testing

@Suite struct AnswerHeadTests {
  /// Takes lines until one is refused.
  private func taken(_ lines: [String], _ head: inout AnswerHead) -> deepidv_status {
    for line in lines {
      let status = head.take(Array(line.utf8).span)
      if status != DEEPIDV_OK { return status }
    }
    return DEEPIDV_OK
  }

  private func require(_ status: deepidv_status, _ expected: deepidv_status) {
    #expect(status == expected)
  }

  private func admits(_ piece: String, _ head: inout AnswerHead) -> Bool {
    head.admits(Array(piece.utf8).span)
  }

  @Test(
    arguments: [
      (["HTTP/1.1 200 OK\r\n"], " A: b\r\n", false),
      (["HTTP/1.1 200 OK\r\n"], "\tA: b\r\n", false),
      (["HTTP/1.1 200 OK\r\n"], "A: b\r\n", true),
      (["HTTP/1.1 200 OK\r\n"], "\r\n", true),
      (["HTTP/1.1 200 OK\r\n"], "", true),
      (["HTTP/1.1 200 OK\r\n", "A: b\r\n"], " A: b\r\n", true),
      ([], " HTTP/1.1 200 OK\r\n", true),
    ])
  func theFirstHeaderContinuesNone(_ before: [String], _ line: String, _ isAdmitted: Bool) {
    var head = AnswerHead()
    head.open()
    require(taken(before, &head), DEEPIDV_OK)
    let admitted = admits(line, &head)
    #expect(admitted == isAdmitted)
  }

  @Test func aLineComesInPieces() {
    var head = AnswerHead()
    head.open()
    require(taken(["HTTP/1.1 200 OK\r\n"], &head), DEEPIDV_OK)
    for piece in ["A:", "  b"] {
      let admitted = admits(piece, &head)
      #expect(admitted)
    }
  }

  @Test(arguments: [
    (100, true), (103, true), (199, true), (0, true), (101, false), (200, false), (404, false),
  ])
  func anotherHeadFollowsWhatIsNoAnswer(_ status: Int, _ isOpen: Bool) {
    var head = AnswerHead()
    head.open()
    require(taken(["HTTP/1.1 100 Continue\r\n", "A: b\r\n", "\r\n"], &head), DEEPIDV_OK)
    head.end(httpStatus: status)
    #expect(head.isOpen == isOpen)
    if isOpen {
      require(taken(["HTTP/1.1 200 OK\r\n"], &head), DEEPIDV_OK)
      let admitted = admits(" A: b\r\n", &head)
      #expect(!admitted)
    }
  }

  @Test func headsAndTrailersHaveALimitTogether() {
    var head = AnswerHead()
    head.open()
    let line = String(repeating: "a", count: 1022) + "\r\n"
    require(taken(Array(repeating: line, count: 32), &head), DEEPIDV_OK)
    head.end(httpStatus: 103)
    require(taken(Array(repeating: line, count: 16), &head), DEEPIDV_OK)
    head.end(httpStatus: 200)
    require(taken(Array(repeating: line, count: 16), &head), DEEPIDV_OK)
    require(taken(["a"], &head), DEEPIDV_E_ANSWER_TOO_LARGE)
    var another = AnswerHead()
    let long = String(repeating: "a", count: 65_537)
    require(taken([long], &another), DEEPIDV_E_ANSWER_TOO_LARGE)
  }

  @Test(
    arguments: [
      ("Transfer-Encoding: chunked\r\n", false), ("transfer-ENCODING:Chunked\r\n", false),
      ("Transfer-Encoding: identity\r\n", false), ("Transfer-Encoding:\r\n", false),
      ("Transfer-Encoding: , ,chunked,\r\n", false), ("Transfer-Encoding: gzip\r\n", true),
      ("Transfer-Encoding: gzip, chunked\r\n", true),
      ("transfer-encoding:chunked,\tDEFLATE\r\n", true),
      ("Transfer-Encoding: chunked2\r\n", true), ("Transfer-Encoding\r\n", false),
      ("T: gzip\r\n", false),
      ("X-Transfer-Encoding: gzip\r\n", false),
    ])
  func onlyChunksAreTaken(_ line: String, _ isRefused: Bool) {
    var head = AnswerHead()
    head.open()
    require(taken(["HTTP/1.1 200 OK\r\n"], &head), DEEPIDV_OK)
    require(taken([line], &head), (isRefused ? DEEPIDV_E_ANSWER_ENCODING : DEEPIDV_OK))
  }

  @Test(arguments: [
    ("gzip", true), ("", false), (" identity ", false), ("identity, br", true), ("IDENTITY", false),
  ])
  func codingsOfABody(_ list: String, _ isNamed: Bool) {
    let named = namesCoding(Array(list.utf8).span, besides: "identity")
    #expect(named == isNamed)
  }
}
