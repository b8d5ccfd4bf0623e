import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// Closes the connections whose requests never get to their end.
///
/// The server takes a line of any length, in time with the square of it, and waits for the rest of a
/// request for ever. From outside it can be seen how many bytes it has taken from each connection,
/// and which requests it has handed on.
final class ConnectionGuard: Sendable {
  /// The most that a connection may send before a request of it is handed on: the longest header
  /// that is answered, the body that is read with it, and what the server reads at a time.
  static let mostBytes = 24 << 10
  /// How long it may take to send one, in seconds.
  static let patience = 30.0

  private struct Progress {
    var handled = 0
    var active = 0
  }

  private struct Sight {
    var peer: HTTPRequest.Address
    var handled: Int
    /// How much had been taken when the last request was handed on, or soon after.
    var start: UInt64
    /// How much has been taken.
    var taken: UInt64
    /// When the first byte of an unfinished request was seen.
    var since: ContinuousClock.Instant?
  }

  private let progress = Mutex<[HTTPRequest.Address: Progress]>([:])
  private let isStopped = Mutex(false)

  /// Notes that a request is complete up to its body, and being answered.
  func begin(_ peer: HTTPRequest.Address?) {
    guard let peer else { return }
    progress.withLock {
      $0[peer, default: Progress()].handled += 1
      $0[peer, default: Progress()].active += 1
    }
  }

  /// Notes that it has been answered.
  func end(_ peer: HTTPRequest.Address?) {
    guard let peer else { return }
    progress.withLock { $0[peer]?.active -= 1 }
  }

  /// Watches the connections to a port from a thread of its own: those of the task pool may be the
  /// ones that are kept busy.
  func start(port: UInt16) {
    Thread.detachNewThread {
      var sights: [Int32: Sight] = [:]
      while !self.isStopped.withLock({ $0 }) {
        Thread.sleep(forTimeInterval: 0.25)
        self.look(at: &sights, port: port)
      }
    }
  }

  func stop() { isStopped.withLock { $0 = true } }
}

extension ConnectionGuard {
  private func look(at sights: inout [Int32: Sight], port: UInt16) {
    var seen: [Int32: Sight] = [:]
    for file in Connection.openFiles() {
      guard let taken = ConnectionGuard.bytesTaken(from: file) else { continue }
      var sight: Sight
      if let known = sights[file], known.taken <= taken {
        sight = known
        // Idle, as nearly all are.
        if known.taken == taken, known.since == nil {
          seen[file] = known
          continue
        }
      } else {
        guard let peer = ConnectionGuard.peer(of: file, port: port) else { continue }
        sight = Sight(peer: peer, handled: 0, start: 0, taken: 0)
      }
      update(&sight, taken: taken)
      // What has arrived and is not yet read must go too, or it would be read to its end.
      if isOverdue(sight) { Connection(file: file).reset() }
      seen[file] = sight
    }
    sights = seen
    forgetAllBut(seen)
  }

  private func update(_ sight: inout Sight, taken: UInt64) {
    let progress = progress.withLock { $0[sight.peer] } ?? Progress()
    if progress.handled != sight.handled || progress.active > 0 {
      sight.handled = progress.handled
      sight.start = taken
      sight.since = nil
    } else if taken > sight.start, sight.since == nil {
      sight.since = .now
    }
    sight.taken = taken
  }

  private func isOverdue(_ sight: Sight) -> Bool {
    guard let since = sight.since else { return false }
    return sight.taken - sight.start > ConnectionGuard.mostBytes
      || since.duration(to: .now) > .seconds(ConnectionGuard.patience)
  }

  /// Connections come and go; what was noted of those that are gone is forgotten now and then.
  private func forgetAllBut(_ seen: [Int32: Sight]) {
    progress.withLock { progress in
      guard progress.count > 1024 + 2 * seen.count else { return }
      let peers = Set(seen.values.map(\.peer))
      progress = progress.filter { $0.value.active > 0 || peers.contains($0.key) }
    }
  }
}

extension ConnectionGuard {
  /// How many bytes have been read from a TCP connection; nil if the file is none.
  ///
  /// The kernel counts those that arrived, and knows how many of them still wait.
  private static func bytesTaken(from file: Int32) -> UInt64? {
    // The C library's struct ends before the count, which the kernel has had since 2015.
    let (size, place, established, halfClosed) = (136, 128, UInt8(1), UInt8(8))
    return withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { info in
      var length = socklen_t(size)
      guard getsockopt(file, Int32(IPPROTO_TCP), TCP_INFO, info.baseAddress, &length) == 0,
        length == size, info[0] == established || info[0] == halfClosed
      else { return nil }
      let arrived = info.load(fromByteOffset: place, as: UInt64.self)
      var waiting: Int32 = 0
      guard ioctl(file, UInt(FIONREAD), &waiting) == 0 else { return nil }
      let unread = UInt64(max(0, waiting))
      return arrived >= unread ? arrived - unread : 0
    }
  }

  /// Who is connected to this port; nil if the connection is to another.
  private static func peer(of file: Int32, port: UInt16) -> HTTPRequest.Address? {
    let socket = Socket(file: .init(rawValue: file))
    switch try? socket.sockname() {
    case .ip4(_, port), .ip6(_, port): return (try? socket.remotePeer()).map { .make(from: $0) }
    default: return nil
    }
  }
}
