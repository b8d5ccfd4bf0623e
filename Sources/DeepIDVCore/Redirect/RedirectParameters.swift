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
  var pairs = FormPairs(locateQuery(text))
  var status = DEEPIDV_E_ABSENT
  while let pair = pairs.next(in: text) {
    guard decodes(text, pair.name, to: name) else { continue }
    if status == DEEPIDV_OK { return DEEPIDV_E_REPEATED }
    out = span(pair.value)
    status = DEEPIDV_OK
  }
  return status
}

/// Goes on to the next parameter; from a zeroed one to the first.
///
/// - Returns: `DEEPIDV_OK`, `DEEPIDV_E_TOO_LONG`, `DEEPIDV_E_RANGE`, or `DEEPIDV_E_ABSENT` at the end.
@_noAllocation
public func nextParameter(
  _ text: Span<UInt8>, _ param: inout deepidv_param
) -> deepidv_status {
  let next = Int(param.next)
  param = deepidv_param()
  guard text.count <= maximumTextCount else { return DEEPIDV_E_TOO_LONG }
  guard next <= text.count else { return DEEPIDV_E_RANGE }
  // Behind a parameter at least one byte has been read, so that 0 is none yet.
  var pairs = FormPairs(next == 0 ? locateQuery(text) : next)
  guard let pair = pairs.next(in: text) else { return DEEPIDV_E_ABSENT }
  param.name = span(pair.name)
  param.value = span(pair.value)
  param.next = UInt32(truncatingIfNeeded: pairs.position)
  return DEEPIDV_OK
}
