import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// Closes connections whose requests never become complete.
///
/// The server accepts header lines of any length, in quadratic time, and waits for the rest of a
/// request without a timeout. From outside, this class sees how many bytes the server has read from
/// each connection, and which requests it has passed to the handler.
final class ConnectionGuard: Sendable {
  /// The maximum number of bytes before a request reaches the handler: the longest accepted header,
  /// the body that is read with it, and one read buffer of the server.
  static let maxBytes = 24 << 10
  /// The time limit for sending a request, in seconds.
  static let timeout = 30.0

  private struct Progress {
    var handled = 0
    var active = 0
  }

  private struct Observation {
    var peer: HTTPRequest.Address
    var handled: Int
    /// The bytes that were read when the last request reached the handler, or soon after.
    var start: UInt64
    /// The bytes that were read in total.
    var bytesRead: UInt64
    /// When the first byte of an incomplete request was observed.
    var waitingSince: ContinuousClock.Instant?
  }

  private let progress = Mutex<[HTTPRequest.Address: Progress]>([:])
  private let isStopped = Mutex(false)

  /// Records that a request is complete up to its body, and is being handled.
  func begin(_ peer: HTTPRequest.Address?) {
    guard let peer else { return }
    progress.withLock {
      $0[peer, default: Progress()].handled += 1
      $0[peer, default: Progress()].active += 1
    }
  }

  /// Records that the request has been handled.
  func end(_ peer: HTTPRequest.Address?) {
    guard let peer else { return }
    progress.withLock { $0[peer]?.active -= 1 }
  }

  /// Watches the connections to a port on its own thread, because those of the task pool may all be
  /// busy.
  func start(port: UInt16) {
    Thread.detachNewThread {
      var observations: [Int32: Observation] = [:]
      while !self.isStopped.withLock({ $0 }) {
        Thread.sleep(forTimeInterval: 0.25)
        self.observe(&observations, port: port)
      }
    }
  }

  func stop() { isStopped.withLock { $0 = true } }
}

extension ConnectionGuard {
  private func observe(_ observations: inout [Int32: Observation], port: UInt16) {
    var current: [Int32: Observation] = [:]
    for file in Connection.openFiles() {
      guard let bytesRead = ConnectionGuard.bytesRead(from: file) else { continue }
      var observation: Observation
      if let known = observations[file], known.bytesRead <= bytesRead {
        observation = known
        // Idle, as most connections are.
        if known.bytesRead == bytesRead, known.waitingSince == nil {
          current[file] = known
          continue
        }
      } else {
        guard let peer = ConnectionGuard.peer(of: file, port: port) else { continue }
        observation = Observation(peer: peer, handled: 0, start: 0, bytesRead: 0)
      }
      update(&observation, bytesRead: bytesRead)
      // A reset also discards what has arrived, which the server would otherwise read.
      if isOverdue(observation) { Connection(file: file).reset() }
      current[file] = observation
    }
    observations = current
    removeClosed(except: current)
  }

  private func update(_ observation: inout Observation, bytesRead: UInt64) {
    let progress = progress.withLock { $0[observation.peer] } ?? Progress()
    if progress.handled != observation.handled || progress.active > 0 {
      observation.handled = progress.handled
      observation.start = bytesRead
      observation.waitingSince = nil
    } else if bytesRead > observation.start, observation.waitingSince == nil {
      observation.waitingSince = .now
    }
    observation.bytesRead = bytesRead
  }

  private func isOverdue(_ observation: Observation) -> Bool {
    guard let start = observation.waitingSince else { return false }
    return observation.bytesRead - observation.start > ConnectionGuard.maxBytes
      || start.duration(to: .now) > .seconds(ConnectionGuard.timeout)
  }

  /// Removes the progress of closed connections, once there are many.
  private func removeClosed(except open: [Int32: Observation]) {
    progress.withLock { progress in
      guard progress.count > 1024 + 2 * open.count else { return }
      let peers = Set(open.values.map(\.peer))
      progress = progress.filter { $0.value.active > 0 || peers.contains($0.key) }
    }
  }
}

extension ConnectionGuard {
  /// The number of bytes read from a TCP connection; nil for other files.
  ///
  /// The kernel counts the bytes that arrived and those that are still unread.
  private static func bytesRead(from file: Int32) -> UInt64? {
    // The C library's struct lacks tcpi_bytes_received, which Linux has had since 2015.
    let (size, offset, established, halfClosed) = (136, 128, UInt8(1), UInt8(8))
    return withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { info in
      var length = socklen_t(size)
      guard getsockopt(file, Int32(IPPROTO_TCP), TCP_INFO, info.baseAddress, &length) == 0,
        length == size, info[0] == established || info[0] == halfClosed
      else { return nil }
      let arrived = info.load(fromByteOffset: offset, as: UInt64.self)
      var waiting: Int32 = 0
      guard ioctl(file, UInt(FIONREAD), &waiting) == 0 else { return nil }
      let unread = UInt64(max(0, waiting))
      return arrived >= unread ? arrived - unread : 0
    }
  }

  /// The peer of a connection to this port; nil for connections to other ports.
  private static func peer(of file: Int32, port: UInt16) -> HTTPRequest.Address? {
    let socket = Socket(file: .init(rawValue: file))
    switch try? socket.sockname() {
    case .ip4(_, port), .ip6(_, port): return (try? socket.remotePeer()).map { .make(from: $0) }
    default: return nil
    }
  }
}
