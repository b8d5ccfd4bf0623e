import CCurl
import CPlatform
import DeepIDVCore

// libcurl calls these on the thread that drives, with our own object as user data; they forward to it. Those that are
// called for each line do not count references, because the engine keeps the transfer meanwhile.

func transferReceiveBody(
  _ from: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ transfer: UnsafeMutableRawPointer?
) -> Int {
  guard let transfer, let bytes = piece(at: from, size: size, count: count) else { return 0 }
  return Unmanaged<Transfer>.fromOpaque(transfer)._withUnsafeGuaranteedRef {
    $0.receive(bytes.span)
  }
}

func transferReceiveLine(
  _ from: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ transfer: UnsafeMutableRawPointer?
) -> Int {
  guard let transfer, let bytes = piece(at: from, size: size, count: count) else { return 0 }
  return Unmanaged<Transfer>.fromOpaque(transfer)._withUnsafeGuaranteedRef {
    $0.receiveLine(bytes.span)
  }
}

@inline(__always)
private func piece(
  at from: UnsafeMutablePointer<CChar>?, size: Int, count: Int
) -> UnsafeBufferPointer<UInt8>? {
  let (length, overflow) = size.multipliedReportingOverflow(by: count)
  guard let from, !overflow, length >= 0 else { return nil }
  return UnsafeBufferPointer(
    start: UnsafeRawPointer(from).assumingMemoryBound(to: UInt8.self), count: length)
}

func transferBeginAttempt(
  _ transfer: UnsafeMutableRawPointer?, _: UnsafeMutablePointer<CChar>?,
  _: UnsafeMutablePointer<CChar>?, _: Int32, _ port: Int32
) -> Int32 {
  guard let transfer else { return Int32(CURL_PREREQFUNC_ABORT) }
  let mayBegin = Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue()
    .beginAttempt(fromPort: port)
  return mayBegin ? Int32(CURL_PREREQFUNC_OK) : Int32(CURL_PREREQFUNC_ABORT)
}

func socketsOpen(
  _ sockets: UnsafeMutableRawPointer?, _: curlsocktype,
  _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let sockets, let address else { return -1 }
  let socket = address.pointee
  return Unmanaged<Sockets>.fromOpaque(sockets).takeUnretainedValue()
    .open(
      family: socket.family, type: socket.socktype, protocol: socket.protocol,
      to: cplatform_address_of(ccurl_socket_address(address)))
}

func socketsClose(_ sockets: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
  guard let sockets else { return 1 }
  Unmanaged<Sockets>.fromOpaque(sockets).takeUnretainedValue().close(socket)
  return 0
}
