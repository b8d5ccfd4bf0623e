import CCurl
import CDeepIDV
import CPlatform
import DeepIDVCore

/// A connection to the service, and the exchange on it.
///
/// libcurl makes it: it looks up names, connects, passes a proxy, and encrypts. HTTP is ours, because libcurl's sends a
/// POST again on its own, and does not tell which bytes have left; see docs/transport.md.
final class Connection {
  /// Its index in the engine.
  let number: UInt32
  private(set) var easy: UnsafeMutableRawPointer
  private let multi: UnsafeMutableRawPointer
  private let lookups: Lookups
  let sockets: Sockets
  let hasProxy: Bool
  let isPlain: Bool
  let unread: UnreadVariables

  private(set) var phase = Phase.closed
  private var socket: Int32 = -1
  // Monotonic nanoseconds.
  private var openedAt: UInt64 = 0
  private var lastUsedAt: UInt64 = 0
  private var isWatchedForRoom = false

  /// Whether libcurl stops to wait for a lookup when it is told to.
  private var leavesLookups = false
  private var mayLookUp = false
  private let connectTimeout: UInt64
  private var connectDeadline: UInt64 = .max

  /// The exchange on it, if any.
  var operation: Operation?
  var transfer = Transfer()

  enum Phase {
    case closed, connecting, open
  }

  private init(
    _ number: UInt32, _ easy: UnsafeMutableRawPointer, _ multi: UnsafeMutableRawPointer,
    _ lookups: Lookups, _ sockets: Sockets, _ endpoint: Endpoint, _ settings: borrowing Settings
  ) {
    self.number = number
    self.easy = easy
    self.multi = multi
    self.lookups = lookups
    connectTimeout = UInt64(settings.values.connectTimeoutMS) * 1_000_000
    self.sockets = sockets
    hasProxy = settings.hasProxy
    isPlain = endpoint.isPlain
    unread = settings.unread
  }

  /// Creates one that is closed; nil if libcurl refused an option, because all of them are needed for safety.
  static func make(
    number: UInt32, on multi: UnsafeMutableRawPointer, _ lookups: Lookups, _ sockets: Sockets,
    _ endpoint: Endpoint, _ settings: borrowing Settings
  ) -> Connection? {
    guard let easy = curl_easy_init() else { return nil }
    let connection = Connection(number, easy, multi, lookups, sockets, endpoint, settings)
    return connection.configure(endpoint, settings) ? connection : nil
  }

  deinit {
    close()
    curl_easy_cleanup(easy)
  }

  private func configure(_ endpoint: Endpoint, _ settings: borrowing Settings) -> Bool {
    let sockets = Unmanaged.passUnretained(sockets).toOpaque()
    return set(CURLOPT_CONNECT_ONLY, 1)
      && set(CURLOPT_CURLU, UnsafeRawPointer(endpoint.parsedURL))
      && set(CURLOPT_PROTOCOLS, endpoint.isPlain ? Int(CURLPROTO_HTTP) : Int(CURLPROTO_HTTPS))
      // So that TLS does not agree on HTTP/2.
      && set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
      && set(CURLOPT_NOSIGNAL, 1)
      && set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
      && leaveLookups(settings.values.connectTimeoutMS)
      // Both are set even if empty; otherwise libcurl reads the environment.
      && set(CURLOPT_PROXY, settings.proxy.text ?? cString(""))
      && set(CURLOPT_NOPROXY, cString(""))
      // Nor does libcurl store them then, which 7.84 to 8.0 cannot do safely.
      && set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
      && ccurl_ignore_output(easy) == CURLE_OK
      && ccurl_prepare_tls(easy, hasProxy ? 0 : 1) == CURLE_OK
      && trust(settings)
      && set(CURLOPT_OPENSOCKETDATA, sockets) && set(CURLOPT_CLOSESOCKETDATA, sockets)
      && ccurl_set_open_socket(easy, socketsOpen) == CURLE_OK
      && ccurl_set_close_socket(easy, socketsClose) == CURLE_OK
  }

  /// Lets libcurl leave a lookup of a name, or keeps it from having to; see `Lookups`.
  private func leaveLookups(_ connectTimeoutMS: UInt32) -> Bool {
    let refused = ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
    leavesLookups = refused == CURLE_OK
    guard leavesLookups || refused == CURLE_UNKNOWN_OPTION else { return false }
    // If this object times it, libcurl's own timeout only divides the time among the addresses.
    return set(
      CURLOPT_CONNECTTIMEOUT_MS, Int(connectTimeoutMS) + (leavesLookups ? 0 : 1_000))
  }

  /// Sets the trusted certificates, or keeps the system's; they are the same for a proxy with TLS.
  ///
  /// The default directory is not trusted in addition to a file: libcurl would then read the file again for each
  /// connection, which costs 30 ms of processor time.
  private func trust(_ settings: borrowing Settings) -> Bool {
    let file = settings.caFile.text
    let directory = settings.caDirectory.text
    if file == nil, directory == nil {
      return ccurl_has_ca_file() == 0 || set(CURLOPT_CAPATH, nil)
    }
    return set(CURLOPT_CAINFO, file) && set(CURLOPT_CAPATH, directory)
      && (!hasProxy || set(CURLOPT_PROXY_CAINFO, file) && set(CURLOPT_PROXY_CAPATH, directory))
  }

  private func set(_ option: CURLoption, _ value: Int) -> Bool {
    ccurl_set_long(easy, option, value) == CURLE_OK
  }

  private func set(_ option: CURLoption, _ value: UnsafeRawPointer?) -> Bool {
    ccurl_set_pointer(easy, option, value) == CURLE_OK
  }
}

// MARK: Its life

extension Connection {
  /// The longest time in nanoseconds that it waits for a request: less than what gateways allow, often 60 seconds.
  private static var longestIdleTime: UInt64 { 15_000_000_000 }
  /// The longest time in nanoseconds that it is used; otherwise a busy client would never notice that the service's
  /// address has changed.
  private static var longestLife: UInt64 { 120_000_000_000 }

  /// Begins to connect; false if libcurl refused.
  func connect(at now: UInt64) -> Bool {
    if !leavesLookups { connectDeadline = now &+ connectTimeout }
    guard curl_multi_add_handle(multi, easy) == CURLM_OK else { return false }
    phase = .connecting
    return true
  }

  /// libcurl has begun to connect.
  func noteBegun() { mayLookUp = !leavesLookups }

  /// libcurl has connected, or has failed to.
  func noteEnd() { mayLookUp = false }

  /// When the exchange is to be ended.
  var deadline: UInt64 {
    phase == .connecting ? min(transfer.deadline, connectDeadline) : transfer.deadline
  }

  /// Whether libcurl would now wait for the lookup, because its time is over.
  func mustLeaveLookup(at now: UInt64) -> Bool { mayLookUp && deadline <= now && isLookingUp }

  private var isLookingUp: Bool { mayLookUp && ccurl_has_looked_up(easy) == 0 }

  /// Takes the connection that libcurl has made; false if it cannot be used.
  func hasConnected(at now: UInt64) -> Bool {
    socket = ccurl_socket(easy)
    guard socket >= 0, cplatform_watch_add(sockets.watch, socket, number) != 0 else { return false }
    phase = .open
    isWatchedForRoom = false
    openedAt = now
    lastUsedAt = now
    return true
  }

  func close() {
    if phase == .closed { return }
    if isLookingUp, let fresh = curl_easy_duphandle(easy) {
      lookups.take(easy)
      easy = fresh
    } else {
      // This closes the socket of a handle that has only connected.
      let left = ccurl_keeps_connections() != 0 ? ccurl_socket(easy) : -1
      curl_multi_remove_handle(multi, easy)
      if phase == .open, left >= 0 { sockets.end(left) }
    }
    phase = .closed
    mayLookUp = false
    socket = -1
  }

  /// Whether it may carry another request, which is asked right before.
  ///
  /// What has arrived without a request is the peer's close, or would be read as the answer to the next request.
  func isUsable(at now: UInt64) -> Bool {
    guard phase == .open, now &- lastUsedAt < Self.longestIdleTime,
      now &- openedAt < Self.longestLife
    else { return false }
    // The TLS of a proxy may hold what is no longer in the socket.
    var isQuiet = !hasProxy && !isReadable
    for _ in 0..<100 where !isQuiet {
      var byte: UInt8 = 0
      var count = 0
      // TLS may have to read messages that have no data for us, one at a time.
      guard curl_easy_recv(easy, &byte, 1, &count) == CURLE_AGAIN else { return false }
      isQuiet = !isReadable
    }
    return isQuiet
  }

  /// Whether something has arrived, be it only the end.
  var isReadable: Bool { cplatform_is_readable(socket) != 0 }

  func noteUse(at now: UInt64) { lastUsedAt = now }

  /// Waits for room to write, too, or no longer.
  func watchForRoom(_ isNeeded: Bool) {
    if isNeeded == isWatchedForRoom { return }
    isWatchedForRoom = isNeeded
    _ = cplatform_watch_change(sockets.watch, socket, number, isNeeded ? 1 : 0)
  }
}
