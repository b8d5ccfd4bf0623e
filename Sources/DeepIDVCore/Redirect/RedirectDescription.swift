import CDeepIDV

/// Writes a redirect as a JSON object, for callers who cannot take texts apart by byte offsets.
///
/// The members have the names of those of `deepidv_redirect`, except for `params`, which has all parameters. Unlike
/// the other functions of a redirect it allocates.
///
/// - Returns: As ``parseRedirect(_:into:)``, and with anything but `DEEPIDV_OK` nothing is written.
public func describeRedirect(
  _ text: Span<UInt8>, into out: inout ByteBuffer
) throws(BufferError) -> deepidv_status {
  var redirect = deepidv_redirect()
  let status = parseRedirect(text, into: &redirect)
  if status != DEEPIDV_OK { return status }

  var json = JSONWriter(byteLimit: out.byteLimit)
  try json.beginObject()
  try json.decoded("session_id", text, redirect, DEEPIDV_HAS_SESSION_ID, redirect.session_id)
  try json.member("status")
  try json.integer(Int64(redirect.status))
  try json.decoded("status_text", text, redirect, DEEPIDV_HAS_STATUS, redirect.status_text)
  try json.member("reason")
  try json.integer(Int64(redirect.reason))
  try json.decoded("reason_text", text, redirect, DEEPIDV_HAS_REASON, redirect.reason_text)
  try json.member("facts")
  try json.integer(Int64(redirect.facts))
  try json.member("fragment")
  if redirect.present & UInt32(bitPattern: DEEPIDV_HAS_FRAGMENT) == 0 {
    try json.null()
  } else {
    try json.repaired(text, ByteRange(redirect.fragment), isEncoded: false)
  }
  try json.decoded(
    "other_session_id", text, redirect, DEEPIDV_HAS_OTHER_SESSION_ID, redirect.other_session_id)
  try json.member("params")
  try json.beginArray()
  var param = deepidv_param()
  while nextParameter(text, &param) == DEEPIDV_OK {
    try json.beginObject()
    try json.member("name")
    try json.repaired(text, ByteRange(param.name), isEncoded: true)
    try json.member("value")
    try json.repaired(text, ByteRange(param.value), isEncoded: true)
    try json.endObject()
  }
  try json.endArray()
  try json.endObject()
  try out.append(contentsOf: json.finish())
  return DEEPIDV_OK
}

extension JSONWriter {
  /// Writes a member that is the decoded text of a span, or null if it is absent.
  @inline(never)
  fileprivate mutating func decoded(
    _ name: StaticString, _ text: Span<UInt8>, _ redirect: deepidv_redirect, _ bit: Int32,
    _ span: deepidv_span
  ) throws(BufferError) {
    try member(name)
    if redirect.present & UInt32(bitPattern: bit) == 0 { return try null() }
    try repaired(text, ByteRange(span), isEncoded: true)
  }

  /// Writes a string whose invalid UTF-8 is replaced with U+FFFD, as the URL standard does.
  @inline(never)
  fileprivate mutating func repaired(
    _ text: Span<UInt8>, _ range: ByteRange, isEncoded: Bool
  ) throws(BufferError) {
    // U+FFFD has three bytes and stands for at least one.
    var repaired = ByteBuffer(byteLimit: Int.max)
    var check = UTF8Check()
    var pending = 0
    var index = range.start
    while index < range.end {
      let (byte, next) =
        isEncoded
        ? decodedByte(text, at: index, before: range.end) : (text.at(index) ?? 0, index &+ 1)
      if !check.accepts(byte) {
        // The bytes so far are the longest beginning of a character: together they become one U+FFFD, and this byte
        // is looked at again.
        let isFirst = pending == 0
        repaired.shorten(to: repaired.count &- pending)
        try repaired.append("\u{FFFD}")
        check = UTF8Check()
        pending = 0
        if isFirst { index = next }
        continue
      }
      try repaired.append(byte)
      pending = check.isComplete ? 0 : pending &+ 1
      index = next
    }
    if pending > 0 {
      repaired.shorten(to: repaired.count &- pending)
      try repaired.append("\u{FFFD}")
    }
    try repaired.withSpan { bytes throws(BufferError) in try string(bytes) }
  }
}
