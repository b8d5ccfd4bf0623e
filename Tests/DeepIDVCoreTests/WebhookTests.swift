import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct WebhookTests {
  @Test func onlyEqualSecretsVerify() {
    let words = ["a", "b", "ab", "ba", "aa", "aab", "whsec_1", "whsec_2", "whsec_12"]
    for known in words {
      for other in words {
        for claim in words + [""] {
          let verifies = claim == known || claim == other
          let expected = verifies ? DEEPIDV_OK : DEEPIDV_E_WEBHOOK_SIGNATURE
          expect(verify(Array(claim.utf8), [Array(known.utf8), Array(other.utf8)]), expected)
        }
      }
    }
  }

  @Test func secretsOfEveryLength() {
    let longest = (0..<1024).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    for length in [1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 255, 256, 1023, 1024] {
      let secret = Array(longest.prefix(length))
      expect(verify(secret, [secret]), DEEPIDV_OK)
      expect(verify(secret + [0], [secret]), DEEPIDV_E_WEBHOOK_SIGNATURE)
      expect(verify(secret.dropLast(), [secret]), DEEPIDV_E_WEBHOOK_SIGNATURE)
      for index in Set([0, length / 2, length - 1]) {
        var wrong = secret
        wrong[index] ^= 1
        expect(verify(wrong, [secret]), DEEPIDV_E_WEBHOOK_SIGNATURE)
      }
    }
  }

  @Test func whatIsNotVerifiedIsNotRead() {
    expect(opened("{}", signature: "guess"), DEEPIDV_E_WEBHOOK_SIGNATURE)
    expect(opened("{}", signature: "secret"), DEEPIDV_E_WEBHOOK)
    expect(opened(event("t", "s", nil), signature: "secret"), DEEPIDV_OK)
  }

  @Test func keyOfAnEvent() {
    #expect(key(event("t", "s", "now")) == #"["t","s","now"]"#)
    #expect(key(event("t", "s", nil)) == #"["t","s",null]"#)
    let longest = String(repeating: "9", count: 64)
    #expect(key(event("t", "s", longest)) == #"["t","s","\#(longest)"]"#)
    #expect(key(event("t", "s", longest + "9")) == #"["t","s",null]"#)
    // What JSON escapes is escaped once.
    #expect(key(event(#"\"\\"#, #"\u0041\/é"#, "")) == #"["\"\\","A/é",""]"#)
  }

  /// The longest key that can be written can be read.
  @Test func longestKey() {
    let text = key(
      event(
        String(repeating: #"\""#, count: 256), String(repeating: #"\\"#, count: 1024),
        String(repeating: #"\""#, count: 64)))
    #expect(text.utf8.count > 2600)
    let isKey = webhookSupersedes(Array(text.utf8).span, Span())
    #expect(isKey)
  }

  @Test func timesToTheNanosecond() {
    let times = [
      "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000000001Z", "2026-01-01T00:00:00.00000001Z",
      "2026-01-01T00:00:00.9Z", "2026-01-01T00:00:00.99999999999999999999Z",
      "2026-01-01T01:00:01+01:00",
    ]
    for (index, time) in times.enumerated() {
      for (other, otherTime) in times.enumerated() {
        #expect(supersedes(("t", time), ("t", otherTime)) == (index > other))
      }
    }
    #expect(!supersedes(("t", times[0]), ("t", "2026-01-01T00:00:00.000Z")))
  }

  /// A decision is never replaced by what came before it.
  @Test func decisionsStay() {
    let undecided = ["session.created", "session.status.submitted", "something.new"]
    for decided in ["session.status.verified", "session.status.rejected", "session.status.failed"] {
      for other in undecided {
        for time in ["2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "", "x"] {
          #expect(!supersedes((other, time), (decided, "2026-01-01T00:00:00Z")))
        }
        #expect(supersedes((other, "2026-01-01T00:00:01Z"), (decided, "2026-01-01T00:00:00Z")))
        #expect(supersedes((decided, "2026-01-01T00:00:00Z"), (other, "2026-01-01T00:00:00Z")))
      }
    }
  }

  /// Whatever order events are delivered in, the same one is last.
  @Test func anOrder() {
    let times = [
      "", "x", "2026-01-01T00:00:01Z", "2026-01-01T01:00:01+01:00", "2026-01-01T00:00:02Z",
    ]
    let types = ["session.created", "session.status.verified", "session.status.rejected"]
    let events = times.flatMap { time in types.map { (type: $0, time: time) } }
    for one in events {
      for other in events {
        let isLater = supersedes(one, other)
        #expect(!isLater || !supersedes(other, one))
        for third in events where isLater {
          // What is not before another is after all that the other is after.
          #expect(supersedes(one, third) || supersedes(third, other))
        }
      }
    }
    #expect(supersedes((types[0], times[2]), (types[2], times[0])))
    #expect(!supersedes((types[2], times[0]), (types[0], times[2])))
  }

  @Test(arguments: [
    #"["","s",null]"#, #"["t","",null]"#, #"["t","s",1]"#, #"["t","s",true]"#, #"["t","s",[]]"#,
    #"["t","s",{}]"#, #"["t","s",null,1]"#, #"["t","s"]"#,
  ])
  func whatIsNoKey(text: String) {
    let isKey = webhookSupersedes(Array(text.utf8).span, Span())
    #expect(!isKey)
  }
}

// MARK: Support

private func event(_ type: String, _ id: String, _ updatedAt: String?) -> String {
  let time = updatedAt.map { #","updated_at":"\#($0)""# } ?? ""
  return #"{"type":"\#(type)","data":{"id":"\#(id)"\#(time)}}"#
}

private func makeSecrets(_ texts: [[UInt8]]) -> WebhookSecrets {
  var secrets = WebhookSecrets()
  for text in texts { expect(secrets.add(text.span), DEEPIDV_OK) }
  return secrets
}

private func verify(_ claim: [UInt8], _ secrets: [[UInt8]]) -> deepidv_status {
  makeSecrets(secrets).verify(claim.span)
}

private func opened(_ body: String, signature: String) -> deepidv_status {
  var webhook = Webhook()
  return webhook.open(
    Array(body.utf8).span, signature: Array(signature.utf8).span,
    makeSecrets([Array("secret".utf8)]))
}

private func key(_ body: String) -> String {
  let secret = Array("secret".utf8)
  var webhook = Webhook()
  let status = webhook.open(Array(body.utf8).span, signature: secret.span, makeSecrets([secret]))
  expect(status, DEEPIDV_OK)
  return webhook.key.withSpan { key in
    String(decoding: key.indices.dropLast().map { key[$0] }, as: UTF8.self)
  }
}

private func supersedes(
  _ one: (type: String, time: String), _ other: (type: String, time: String)
) -> Bool {
  webhookSupersedes(
    Array(#"["\#(one.type)","s","\#(one.time)"]"#.utf8).span,
    Array(#"["\#(other.type)","s","\#(other.time)"]"#.utf8).span)
}

private func expect(
  _ actual: deepidv_status, _ expected: deepidv_status,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual == expected, sourceLocation: sourceLocation)
}
