import CDeepIDV
import CPlatform
import DeepIDVCore

/// Writes a text into the caller's memory, NUL-terminated; an empty one unless all went well.
func returnText(
  _ out: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ outLength: UnsafeMutablePointer<Int>?,
  _ write: (inout ByteBuffer) throws(Refusal) -> Void
) -> deepidv_status {
  outLength?.pointee = 0
  return returnStatus { () throws(Refusal) in
    guard let out else { throw Refusal(DEEPIDV_E_NULL) }
    guard capacity >= 0 else { throw Refusal(DEEPIDV_E_LENGTH) }
    if capacity > 0 { out.pointee = 0 }
    var text = ByteBuffer(byteLimit: 1 << 20)
    try write(&text)
    outLength?.pointee = text.count
    guard text.count < capacity else { throw Refusal(DEEPIDV_E_BUFFER) }
    guard let start = text.address else { return }
    cplatform_copy(out, start, text.count)
    out[text.count] = 0
  }
}
