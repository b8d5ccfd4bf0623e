import CCurl
import CDeepIDV
import CPlatform

/// The sockets of an engine's connections: opened and closed for libcurl, and waited for.
final class Sockets {
  /// Readable if an open connection can go on, or if the driver has to wake up.
  let watch: Int32
  private let wakeUp: Int32
  /// Whether connections to other machines are refused.
  ///
  /// libcurl before 7.78 asks a name server for `localhost`, which may return any address.
  private let isBoundToMachine: Bool

  private init(watch: Int32, wakeUp: Int32, isBoundToMachine: Bool) {
    self.watch = watch
    self.wakeUp = wakeUp
    self.isBoundToMachine = isBoundToMachine
  }

  static func make(isBoundToMachine: Bool) throws(Refusal) -> Sockets {
    let sockets = Sockets(
      watch: cplatform_watch_new(), wakeUp: cplatform_signal_new(),
      isBoundToMachine: isBoundToMachine)
    guard sockets.watch >= 0, sockets.wakeUp >= 0,
      cplatform_watch_add(sockets.watch, sockets.wakeUp, .max) != 0
    else { throw Refusal(DEEPIDV_E_SYSTEM) }
    return sockets
  }

  deinit {
    if watch >= 0 { cplatform_close(watch) }
    if wakeUp >= 0 { cplatform_close(wakeUp) }
  }

  /// Wakes the thread that waits; any thread may call it.
  func wake() { cplatform_signal_raise(wakeUp) }

  /// Returns the milliseconds until a time, rounded up, so that it has passed then.
  static func milliseconds(until time: UInt64) -> Int32 {
    let longest: UInt64 = 3_600_000
    let now = cplatform_now_ns()
    guard time > now else { return 0 }
    return Int32(min((time - now) / 1_000_000 + 1, longest))
  }

  /// Waits for open connections, or until woken, and calls `body` with the number of each connection that can go on.
  func wait(milliseconds: Int32, _ body: (Int) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { numbers in
      guard let start = numbers.baseAddress else { return }
      let count = Int(cplatform_watch_wait(watch, start, 64, milliseconds))
      var next = 0
      while next < count {
        let index = next
        next &+= 1
        if numbers[index] == .max {
          cplatform_signal_lower(wakeUp)
        } else {
          body(Int(numbers[index]))
        }
      }
    }
  }

  /// Called by libcurl; -1 refuses the connection.
  fileprivate func open(_ address: curl_sockaddr, at location: UnsafeRawPointer) -> Int32 {
    if isBoundToMachine, cplatform_address_is_loopback(cplatform_address_of(location)) == 0 {
      return -1
    }
    return cplatform_socket(address.family, address.socktype, address.protocol)
  }

  /// Ends a connection that libcurl will close later.
  func end(_ descriptor: Int32) {
    cplatform_watch_remove(watch, descriptor)
    cplatform_end_connection(descriptor)
  }

  fileprivate func close(_ descriptor: Int32) {
    cplatform_watch_remove(watch, descriptor)
    cplatform_close(descriptor)
  }
}

// libcurl calls these on the thread that drives.

func socketsOpen(
  _ sockets: UnsafeMutableRawPointer?, _: curlsocktype,
  _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let sockets, let address else { return -1 }
  return Unmanaged<Sockets>.fromOpaque(sockets).takeUnretainedValue()
    .open(address.pointee, at: ccurl_socket_address(address))
}

func socketsClose(_ sockets: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
  guard let sockets else { return 1 }
  Unmanaged<Sockets>.fromOpaque(sockets).takeUnretainedValue().close(socket)
  return 0
}
