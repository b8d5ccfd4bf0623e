import CDeepIDV

// A service that joins its parameters to a URL without looking for a query there writes a second `?`:
// `/cb?a=b?session_id=s&status=success`. By the rules of queries that is a parameter `a` and no session id.

/// The parameters that a redirect should have and has not.
///
/// A success has no reason. A sessionId is asked for where there is no id at all.
@_noAllocation @inline(__always)
func missingParameters(_ redirect: deepidv_redirect) -> Int32 {
  let present = Int32(bitPattern: redirect.present)
  var wanted = DEEPIDV_HAS_SESSION_ID | DEEPIDV_HAS_STATUS
  if redirect.status != DEEPIDV_REDIRECT_SUCCESS, redirect.status != DEEPIDV_REDIRECT_SUBMITTED {
    wanted |= DEEPIDV_HAS_REASON
  }
  if present & DEEPIDV_HAS_SESSION_ID == 0 { wanted |= DEEPIDV_HAS_OTHER_SESSION_ID }
  return wanted & ~present
}

/// The index of the second `?` of a redirect, or the end of the text.
///
/// It is the last `?` in the query that is directly followed by the name of a missing parameter and `=`: the service
/// joins once, and behind all that the caller has in the URL. So a `?status=1` in a value of the caller's stays what it
/// is wherever the service's own status is there as well.
@_noAllocation
func locateJoint(_ text: Span<UInt8>, _ start: Int) -> Int {
  let question = UInt8(ascii: "?")
  let first = text.firstIndex(of: question, or: question, from: start, before: text.count)
  if first == text.count { return first }
  var redirect = deepidv_redirect()
  var repeats = Repeats()
  let end = readParameters(text, from: start, before: text.count, into: &redirect, &repeats)
  let joint = locateJoint(text, first, end, missingParameters(redirect))
  return joint < end ? joint : text.count
}

/// The same in a part of the text, for parameters that are known to be missing; `end` if there is none.
@_noAllocation @inline(never)
func locateJoint(_ text: Span<UInt8>, _ start: Int, _ end: Int, _ missing: Int32) -> Int {
  let question = UInt8(ascii: "?")
  var joint = end
  var index = start
  while true {
    index = text.firstIndex(of: question, or: question, from: index, before: end)
    if index >= end { return joint }
    let pair = joinedPair(text, namedAt: index &+ 1, before: end)
    if let pair, resultParameter(text, pair) & missing != 0 { joint = index }
    index &+= 1
  }
}

/// The parameter whose name and `=` begin at an index, if it can be one that the service adds.
@_noAllocation
func joinedPair(_ text: Span<UInt8>, namedAt start: Int, before end: Int) -> FormPair? {
  switch text.at(start) {
  case UInt8(ascii: "s"), UInt8(ascii: "r"), UInt8(ascii: "%"): break
  default: return nil
  }
  // No name is longer than a block, whatever of it is escaped.
  let block = text.block(at: start)
  let count = block.find(UInt8(ascii: "="), UInt8(ascii: "&")).trailingZeroBitCount
  let nameEnd = start &+ count
  guard count < SIMDBlock.count, nameEnd < end, text.at(nameEnd) == UInt8(ascii: "=") else {
    return nil
  }
  return FormPair(
    name: ByteRange(start, nameEnd), value: ByteRange(nameEnd &+ 1, end),
    unusualInName: block.findUnusual().first(count), unusualInValue: 0)
}

/// Whether the query of a caller's URL has a parameter that the service adds to it.
///
/// Without a look for a second `?`: what is a value in the caller's URL stays one in the redirect.
@_noAllocation
func hasServiceParameter(_ url: Span<UInt8>) -> Bool {
  var redirect = deepidv_redirect()
  var repeats = Repeats()
  _ = readParameters(url, from: locateQuery(url), before: url.count, into: &redirect, &repeats)
  return redirect.present
    & UInt32(DEEPIDV_HAS_SESSION_ID | DEEPIDV_HAS_STATUS | DEEPIDV_HAS_REASON) != 0
}
