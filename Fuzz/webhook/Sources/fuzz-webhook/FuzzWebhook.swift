import CDeepIDV
import DeepIDVCore

/// Webhooks, with whatever libFuzzer makes up.
///
/// The first byte chooses what is tried with the others. What must not be ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  // In a block of its own size, so that a byte too far is noticed.
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let choice = input.first else { return 0 }
  let rest = Array(input.dropFirst())
  switch choice & 3 {
  case 0: trySecrets(rest)
  case 1: tryBody(rest)
  case 2: tryKeys(rest)
  default: tryParts(rest)
  }
  return 0
}

private let secret = Array("whsec_mine".utf8)

/// Only a text that is one of the secrets verifies; what is wrong with a secret is not taken.
private func trySecrets(_ input: [UInt8]) {
  let pieces = input.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
  guard let claim = pieces.last, pieces.count > 1 else { return }
  var secrets = WebhookSecrets()
  var known: [[UInt8]] = []
  for piece in pieces.dropLast() {
    switch secrets.add(piece.span) {
    case DEEPIDV_OK: known.append(piece)
    case DEEPIDV_E_REQUIRED: require(piece.isEmpty)
    case DEEPIDV_E_CONTROL: require(piece.contains { $0 < 0x20 })
    case DEEPIDV_E_TOO_LONG: require(piece.count > 1024)
    case DEEPIDV_E_RANGE: require(known.count == 16)
    default: require(false)
    }
  }
  var webhook = Webhook()
  let status = webhook.open(Array("{".utf8).span, signature: claim.span, secrets)
  let expected =
    known.isEmpty
    ? DEEPIDV_E_REQUIRED
    : known.contains(claim) ? DEEPIDV_E_WEBHOOK : DEEPIDV_E_WEBHOOK_SIGNATURE
  require(status == expected)
}

/// What is opened has a type and a key; cut short it is not opened, and wrongly signed not read.
private func tryBody(_ body: [UInt8]) {
  var webhook = Webhook()
  switch open(body, &webhook) {
  case DEEPIDV_OK: break
  case DEEPIDV_E_WEBHOOK: return
  default: return require(false)
  }
  let key = bytes(webhook.key)
  require(key.last == 0 && !key.dropLast().contains(0))
  require(supersedes(Array(key.dropLast()), []))
  require(!supersedes(Array(key.dropLast()), Array(key.dropLast())))
  require(!supersedes(Array(key.dropLast(2)), []))
  require(bytes(webhook.body) == body + [0])
  require(webhook.answer.sessions.count == 1)
  require((-1...5).contains(webhook.type) && webhook.type != 0)
  let isVerified = text(webhook.answer.sessions.at(0)?.status, webhook) == Array("VERIFIED".utf8)
  require((webhook.verdict == DEEPIDV_VERDICT_VERIFIED) == isVerified)

  var cut = Webhook()
  let end = body.lastIndex(of: UInt8(ascii: "}")) ?? 0
  require(open(Array(body[..<end]), &cut) == DEEPIDV_E_WEBHOOK)
  require(open(body, &cut, signature: secret + [0]) == DEEPIDV_E_WEBHOOK_SIGNATURE)
  require(cut.type == 0 && cut.key.isEmpty)
}

/// Of two events at most one replaces the other, and no event replaces itself.
private func tryKeys(_ input: [UInt8]) {
  let split = input.firstIndex(of: 0x0A) ?? input.count
  let one = Array(input[..<split])
  let other = Array(input[split...].dropFirst())
  require(!(supersedes(one, other) && !other.isEmpty && supersedes(other, one)))
  require(one.isEmpty || !supersedes(one, one))
}

/// The parts of a body are those of its key.
private func tryParts(_ input: [UInt8]) {
  let parts = input.split(separator: 0x0A, omittingEmptySubsequences: false).map(quoted)
  guard parts.count == 3, input.allSatisfy({ 0x20..<0x7F ~= $0 || $0 == 0x0A }) else { return }
  let body =
    Array(#"{"data":{"updated_at":"#.utf8) + parts[2] + Array(#","id":"#.utf8) + parts[1]
    + Array(#"},"type":"#.utf8) + parts[0] + [0x7D]
  var webhook = Webhook()
  guard open(body, &webhook) == DEEPIDV_OK else {
    // Empty, or too long.
    return require(parts[0].count == 2 || parts[1].count == 2 || input.count > 256)
  }
  let isKept = input.split(separator: 0x0A, omittingEmptySubsequences: false)[2].count <= 64
  let last = isKept ? parts[2] : Array("null".utf8)
  require(bytes(webhook.key) == [0x5B] + parts[0] + [0x2C] + parts[1] + [0x2C] + last + [0x5D, 0])
}

// MARK: Support

private func require(_ holds: Bool, line: Int = #line) {
  if !holds { fatalError("line \(line)") }
}

private func open(
  _ body: [UInt8], _ webhook: inout Webhook, signature: [UInt8] = secret
) -> deepidv_status {
  var secrets = WebhookSecrets()
  require(secrets.add(Array("whsec_other".utf8).span) == DEEPIDV_OK)
  require(secrets.add(secret.span) == DEEPIDV_OK)
  return webhook.open(body.span, signature: signature.span, secrets)
}

private func supersedes(_ key: [UInt8], _ other: [UInt8]) -> Bool {
  webhookSupersedes(key.span, other.span)
}

private func bytes(_ buffer: borrowing ByteBuffer) -> [UInt8] {
  buffer.withSpan { span in span.indices.map { span[$0] } }
}

private func text(_ range: ByteRange?, _ webhook: borrowing Webhook) -> [UInt8] {
  guard let range else { return [] }
  return webhook.answer.texts.withSpan { texts in (range.start..<range.end).map { texts[$0] } }
}

/// A text of ASCII as JSON, in the plainest way.
private func quoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
  [0x22] + text.flatMap { $0 == 0x22 || $0 == 0x5C ? [0x5C, $0] : [$0] } + [0x22]
}
