import CDeepIDV

/// Finds a parameter by its decoded name.
///
/// - Returns: `DEEPIDV_OK`, `DEEPIDV_E_TOO_LONG`, `DEEPIDV_E_ABSENT`, or `DEEPIDV_E_REPEATED` with the first.
@_noAllocation
public func findParameter(
  _ text: Span<UInt8>, named name: Span<UInt8>, into out: inout deepidv_span
) -> deepidv_status {
  out = deepidv_span()
  guard text.count <= maximumTextCount else { return DEEPIDV_E_TOO_LONG }
  let start = locateQuery(text)
  let joint = locateJoint(text, start)
  var found: ByteRange?
  var isAmbiguous = findParameter(text, start, joint, named: name, &found)
  if joint < text.count, findParameter(text, joint &+ 1, text.count, named: name, &found) {
    isAmbiguous = true
  }
  guard let found else { return DEEPIDV_E_ABSENT }
  out = span(found)
  return isAmbiguous ? DEEPIDV_E_REPEATED : DEEPIDV_OK
}

/// Keeps the first value of a name, and returns whether another one differs from it.
@_noAllocation @inline(never)
private func findParameter(
  _ text: Span<UInt8>, _ start: Int, _ end: Int, named name: Span<UInt8>,
  _ found: inout ByteRange?
) -> Bool {
  var pairs = FormPairs(start, before: end)
  while let pair = pairs.next(in: text) {
    guard decodes(text, pair.name, to: name) else { continue }
    guard let first = found else {
      found = pair.value
      continue
    }
    if !decodeAlike(text, first, pair.value) { return true }
  }
  return false
}

/// Moves to the next parameter; from a zeroed one to the first.
///
/// - Returns: `DEEPIDV_OK`, `DEEPIDV_E_TOO_LONG`, `DEEPIDV_E_RANGE`, or `DEEPIDV_E_ABSENT` at the end.
@_noAllocation
public func nextParameter(
  _ text: Span<UInt8>, _ param: inout deepidv_param
) -> deepidv_status {
  var start = Int(param.position)
  // Zero where none joins, behind the first parameter as well.
  var joint = Int(param.reserved.0)
  param = deepidv_param()
  guard text.count <= maximumTextCount else { return DEEPIDV_E_TOO_LONG }
  guard start <= text.count, joint <= text.count else { return DEEPIDV_E_RANGE }
  // After a parameter at least one byte has been read, so 0 means that there was none yet.
  if start == 0 {
    start = locateQuery(text)
    // Once for all of them: it takes a look at the whole query.
    joint = locateJoint(text, start)
  }
  var pairs = FormPairs(start, before: start <= joint ? joint : text.count)
  var pair = pairs.next(in: text)
  if pair == nil, start <= joint, joint < text.count {
    pairs = FormPairs(joint &+ 1, before: text.count)
    pair = pairs.next(in: text)
  }
  guard let pair else { return DEEPIDV_E_ABSENT }
  param.name = span(pair.name)
  param.value = span(pair.value)
  param.position = UInt32(truncatingIfNeeded: pairs.position)
  if joint < text.count { param.reserved.0 = UInt32(truncatingIfNeeded: joint) }
  return DEEPIDV_OK
}
