import CCurl
import CPlatform
import DeepIDVCore

// libcurl calls these on the worker's thread with the transfer as user data: unwrap, and forward.

func transferReadBody(
  _ into: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ transfer: UnsafeMutableRawPointer?
) -> Int {
  guard let into, let transfer else { return Int(CURL_READFUNC_ABORT) }
  let (room, overflow) = size.multipliedReportingOverflow(by: count)
  if overflow || room < 0 { return Int(CURL_READFUNC_ABORT) }
  return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
    .readBody(into: into, room: room)
}

func transferWriteAnswer(
  _ from: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ transfer: UnsafeMutableRawPointer?
) -> Int {
  guard let from, let transfer else { return 0 }
  let (length, overflow) = size.multipliedReportingOverflow(by: count)
  if overflow || length < 0 { return 0 }
  let bytes = UnsafeBufferPointer(
    start: UnsafeRawPointer(from).assumingMemoryBound(to: UInt8.self), count: length)
  return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().keep(bytes.span)
}

func transferBeginAttempt(
  _ transfer: UnsafeMutableRawPointer?, _: UnsafeMutablePointer<CChar>?,
  _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32
) -> Int32 {
  guard let transfer else { return Int32(CURL_PREREQFUNC_ABORT) }
  let mayBegin = Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().beginAttempt()
  return mayBegin ? Int32(CURL_PREREQFUNC_OK) : Int32(CURL_PREREQFUNC_ABORT)
}

func transferOpenSocket(
  _: UnsafeMutableRawPointer?, _: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let address = address?.pointee else { return -1 }
  return cplatform_socket(address.family, address.socktype, address.protocol)
}
