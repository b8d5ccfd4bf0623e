import CDeepIDV
import CPlatform

/// The rules of a text field, in the order in which their statuses are most helpful.
public func checkText(_ value: Span<UInt8>, for field: Field) -> deepidv_status {
  guard case .text(let limit) = field.row.content else { return DEEPIDV_E_TYPE }
  if value.isEmpty { return DEEPIDV_E_REQUIRED }
  let status = checkText(value, limit: limit)
  guard status == DEEPIDV_OK else { return status }
  switch field {
  case .email: return hasEmailShape(value) ? DEEPIDV_OK : DEEPIDV_E_EMAIL
  case .phone: return isE164(value) ? DEEPIDV_OK : DEEPIDV_E_PHONE
  case .redirectURL: return checkRedirectURL(value)
  default: return DEEPIDV_OK
  }
}

/// A plus sign and 1 to 15 digits, of which the first is not 0.
///
/// The service wants ten digits or more, but E.164 does not: a library stricter than the standard turns
/// away real people.
func isE164(_ text: Span<UInt8>) -> Bool {
  guard text.count >= 2, text.count <= 16, text[0] == UInt8(ascii: "+"),
    text[1] != UInt8(ascii: "0")
  else { return false }
  for index in 1..<text.count where !text[index].isASCIIDigit { return false }
  return true
}

/// Something, an at sign, and a domain of non-empty labels; no blank and no control character.
///
/// Whether the address exists only a mail can tell, so this looks for slips, not for conformance.
func hasEmailShape(_ text: Span<UInt8>) -> Bool {
  var at = -1
  var index = 0
  while let byte = text.at(index) {
    if byte <= UInt8(ascii: " ") || byte == 0x7F { return false }
    if byte == UInt8(ascii: "@") { at = index }
    index &+= 1
  }
  guard at > 0, at &+ 1 < text.count else { return false }
  var labelStart = at &+ 1
  index = labelStart
  while let byte = text.at(index) {
    if byte == UInt8(ascii: ".") {
      if index == labelStart { return false }
      labelStart = index &+ 1
    }
    index &+= 1
  }
  return labelStart < text.count
}

/// The rules of every text that a caller passes: its length, no NUL inside, UTF-8.
public func checkText(_ value: Span<UInt8>, limit: Int) -> deepidv_status {
  if value.count > limit { return DEEPIDV_E_TOO_LONG }
  if value.firstSpecial(CPLATFORM_NOT_PRINTABLE, from: 0) == value.count { return DEEPIDV_OK }
  for index in value.indices where value[index] == 0 { return DEEPIDV_E_NUL }
  return value.firstInvalidUTF8() == nil ? DEEPIDV_OK : DEEPIDV_E_UTF8
}
