import Foundation
import Synchronization

@testable import Emulator

/// A clock that a test sets.
final class SettableTime: Sendable {
  private let seconds = Mutex(0.0)

  var now: Date { Date(timeIntervalSince1970: seconds.withLock { $0 }) }

  func set(_ seconds: Double) { self.seconds.withLock { $0 = seconds } }

  var source: TimeSource {
    TimeSource(
      date: { self.now }, steady: { .seconds(self.now.timeIntervalSince1970) })
  }
}

extension Settings {
  /// One account, without limits.
  static var sample: Settings {
    guard let address = ListenAddress(host: "127.0.0.1", port: 0) else {
      preconditionFailure("the loopback address is an address")
    }
    var settings = Settings(
      address: address, accounts: [Account(organization: "org", keys: [.init("key")])])
    settings.rate = 0
    settings.daily = 0
    return settings
  }
}
