import CDeepIDV
import DeepIDVCore

/// Fuzzes states and confirmations.
///
/// The first byte selects the check. A violation ends the process.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let choice = input.first else { return 0 }
  let rest = Array(input.dropFirst())
  switch choice & 3 {
  case 0: checkForgery(rest)
  case 1: checkRoundTrip(rest)
  case 2: checkURL(rest)
  default: checkClaims(rest)
  }
  return 0
}

// MARK: States

private let genuineKey = Array("0123456789abcdef0123456789abcdef".utf8)
private let genuineContext = Array("cookie=42".utf8)

/// The test vector in docs/state.md, for this key and context; it expires at 1,800,000,000.
private let genuine = Array(
  "AQAAAGtJ0gAAAQIDBAUGBwgJCgsMDQ4P4VoliBQS2xJQDaEjqt1IY9NosYYvMXxvweMISf-MKot6HPgZaZp4vNkdrYbn-Vmu"
    .utf8)

private let beforeExpiry: Int64 = 1_799_000_000

/// Only the genuine state is accepted, for its own context and until it expires.
private func checkForgery(_ text: [UInt8]) {
  let hasIt = contains(decoded(text), genuine)
  for (key, context, now) in [
    (genuineKey, genuineContext, beforeExpiry), (genuineKey, Array("cookie=43".utf8), beforeExpiry),
    (genuineKey, genuineContext, 0),
    (genuineKey, genuineContext, Int64.max),
    (Array("another key of sufficient length".utf8), genuineContext, beforeExpiry),
  ] {
    let status = verify(text, key: key, context: context, now: now)
    let isOurs = key == genuineKey
    switch status {
    case DEEPIDV_OK: require(hasIt && isOurs && context == genuineContext && now == beforeExpiry)
    case DEEPIDV_E_STATE_CONTEXT: require(hasIt && isOurs && context != genuineContext)
    case DEEPIDV_E_STATE_EXPIRED: require(hasIt && isOurs && now == Int64.max)
    case DEEPIDV_E_STATE_SIGNATURE, DEEPIDV_E_STATE, DEEPIDV_E_REPEATED: break
    default: require(false)
    }
  }
}

/// A created state is valid, and with one changed bit it is not.
private func checkRoundTrip(_ input: [UInt8]) {
  guard input.count > 34 else { return }
  let key = Array(input[..<16])
  let nonce = Array(input[16..<32])
  let flip = Int(input[32]) << 8 | Int(input[33])
  let context = Array(input[34...])
  let state = createState(key: key, context: context, nonce: nonce)
  guard context.count <= longestContext else { return require(state.isEmpty) }
  require(state.count == 96)
  require(verify(state, key: key, context: context, now: 1_799_999_999) == DEEPIDV_OK)
  require(verify(state, key: key, context: context, now: 1_800_000_000) == DEEPIDV_E_STATE_EXPIRED)
  require(verify(state, key: key, context: context + [0], now: beforeExpiry) != DEEPIDV_OK)
  require(
    verify(state, key: key + [1], context: context, now: beforeExpiry) == DEEPIDV_E_STATE_SIGNATURE)
  var changed = state
  changed[flip / 8 % 96] ^= 1 << UInt8(flip % 8)
  require(
    [DEEPIDV_E_STATE, DEEPIDV_E_STATE_SIGNATURE].contains(
      verify(changed, key: key, context: context, now: beforeExpiry)))
}

/// A state that was added to a URL is found there once, and the rest of the URL is unchanged.
private func checkURL(_ rest: [UInt8]) {
  let url = Array("https://a.example/".utf8) + rest
  var made = ByteBuffer(byteLimit: 1 << 24)
  let status = addState(genuine.span, to: url.span, into: &made)
  guard status == DEEPIDV_OK else { return require(status == DEEPIDV_E_REPEATED) }
  let result = bytes(made)
  require(verify(result, key: genuineKey, context: genuineContext, now: beforeExpiry) == DEEPIDV_OK)
  var again = ByteBuffer(byteLimit: 1 << 24)
  require(addState(genuine.span, to: result.span, into: &again) == DEEPIDV_E_REPEATED)
  let added = result.count - url.count
  require(added == 102 || added == 103)
  let fragment = url.firstIndex(of: UInt8(ascii: "#")) ?? url.count
  require(result.starts(with: url[..<fragment]))
  require(result[(fragment + added)...] == url[fragment...])
  // However the service joins its parameters, they are not repeated, and the state is found.
  let base = result[..<(fragment + added)]
  for joint in ["&session_id=s&status=success", "?session_id=s&status=success&session_id=s"] {
    let redirect = base + Array(joint.utf8)
    var claim = deepidv_redirect()
    require(parseRedirect(Array(redirect).span, into: &claim) == DEEPIDV_OK)
    require(claim.status == DEEPIDV_REDIRECT_SUCCESS && claim.present & 7 == 3)
    require(claim.session_id.length == 1)
    require(
      verify(Array(redirect), key: genuineKey, context: genuineContext, now: beforeExpiry)
        == DEEPIDV_OK)
  }
}

// MARK: Confirmations

/// A claim matches only the id that it names.
private func checkClaims(_ input: [UInt8]) {
  guard let split = input.first.map({ Int($0) % 64 }), input.count > split else { return }
  let id = Array(input[1...].prefix(split))
  let text = Array(input[1...].dropFirst(split))
  switch checkClaim(text.span, of: id.span) {
  case DEEPIDV_OK: require(!id.isEmpty && contains(decoded(text), id))
  case DEEPIDV_E_MISMATCH, DEEPIDV_E_REPEATED: break
  default: require(false)
  }
  let verdict = verdict(ofSessionStatus: text.span)
  require((verdict == DEEPIDV_VERDICT_VERIFIED) == (text == Array("VERIFIED".utf8)))

  guard !id.isEmpty else { return }
  let pair = Array("session_id=".utf8) + encoded(id)
  require(checkClaim(pair.span, of: id.span) == DEEPIDV_OK)
  require(checkClaim((pair + [0x41]).span, of: id.span) == DEEPIDV_E_MISMATCH)
  require(checkClaim((pair + [0x26] + pair).span, of: id.span) == DEEPIDV_OK)
  require(checkClaim((pair + [0x26] + pair + [0x41]).span, of: id.span) == DEEPIDV_E_REPEATED)
  require(checkClaim((Array("a=b?".utf8) + pair).span, of: id.span) == DEEPIDV_OK)
  let other = Array("?status=SUBMITTED&sessionId=".utf8) + encoded(id)
  require(checkClaim(other.span, of: id.span) == DEEPIDV_OK)
  require(checkClaim(other.span, of: (id + [0]).span) == DEEPIDV_E_MISMATCH)
}

// MARK: Support

private func require(_ holds: Bool, line: Int = #line) {
  if !holds { fatalError("line \(line)") }
}

private func verify(
  _ text: [UInt8], key: [UInt8], context: [UInt8], now: Int64
) -> deepidv_status {
  var keys = StateKeys()
  require(keys.add(key.span) == DEEPIDV_OK)
  if context.count > longestContext { return DEEPIDV_E_TOO_LONG }
  return verifyState(text.span, keys, context: context.span, now: now)
}

private func createState(key: [UInt8], context: [UInt8], nonce: [UInt8]) -> [UInt8] {
  var keys = StateKeys()
  require(keys.add(key.span) == DEEPIDV_OK)
  var state = ByteBuffer(byteLimit: 200)
  let status = makeState(
    keys, context: context.span, lifetime: 1_000_000, now: beforeExpiry, nonce: nonce.span,
    to: &state)
  require((status == DEEPIDV_OK) == (context.count <= longestContext))
  return bytes(state)
}

private func bytes(_ buffer: borrowing ByteBuffer) -> [UInt8] {
  buffer.withSpan { span in span.indices.map { span[$0] } }
}

private func contains(_ text: [UInt8], _ piece: [UInt8]) -> Bool {
  guard text.count >= piece.count else { return false }
  return (0...(text.count - piece.count)).contains { text[$0..<($0 + piece.count)] == piece[...] }
}

/// Decodes percent-encoding byte by byte.
private func decoded(_ text: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  var index = 0
  while index < text.count {
    if text[index] == 0x25, index + 2 < text.count,
      let high = Character(Unicode.Scalar(text[index + 1])).hexDigitValue,
      let low = Character(Unicode.Scalar(text[index + 2])).hexDigitValue
    {
      result.append(UInt8(high << 4 | low))
      index += 3
    } else {
      result.append(text[index] == 0x2B ? 0x20 : text[index])
      index += 1
    }
  }
  return result
}

private func encoded(_ text: [UInt8]) -> [UInt8] {
  text.flatMap {
    [0x25] + Array(String($0 >> 4, radix: 16).utf8) + Array(String($0 & 15, radix: 16).utf8)
  }
}
