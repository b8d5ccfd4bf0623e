import CDeepIDV
import CPlatform
import DeepIDVCore

/// A client: accepts operations, lets a thread drive them, and keeps those that have ended until they are taken.
///
/// `Client+Callers.swift` is for callers, `Client+Driver.swift` for the thread that drives, and
/// `Client+Lifetime.swift` starts and ends the worker. All that they change is in `state`.
final class Client: HandleObject {
  static var magic: UInt64 { 0x6465_6570_636c_6e74 }

  let settings: Settings
  let endpoint: Endpoint
  let limiter: SharedLimiter
  let repeats: Repeats?
  let statistics: Statistics
  /// Readable while there is an operation to take, and only then.
  let descriptor: Int32
  let state: Monitor<ClientState>
  private let process: Int32

  private init(
    _ settings: consuming Settings, endpoint: Endpoint, limiter: SharedLimiter, repeats: Repeats?,
    statistics: Statistics, descriptor: Int32, state: Monitor<ClientState>
  ) {
    self.settings = settings
    self.endpoint = endpoint
    self.limiter = limiter
    self.repeats = repeats
    self.statistics = statistics
    self.descriptor = descriptor
    self.state = state
    process = cplatform_process_id()
  }

  deinit {
    cplatform_close(descriptor)
    if isOfThisProcess { limiter.release() }
  }

  static func make(_ config: Config) throws(Refusal) -> Client {
    if config.settings.apiKey.isEmpty { throw Refusal(DEEPIDV_E_REQUIRED) }
    guard Libcurl.isUsable else { throw Refusal(DEEPIDV_E_LIBCURL) }
    guard WorkerRegistry.prepare() else { throw Refusal(DEEPIDV_E_SYSTEM) }
    var settings = try Settings(copying: config.settings)
    let endpoint = try Endpoint.make(settings)
    try endpoint.finish(&settings)
    let limiter = try SharedLimiter.acquire(for: settings)
    let descriptor = cplatform_signal_new()
    do throws(Refusal) {
      if descriptor < 0 { throw Refusal(DEEPIDV_E_SYSTEM) }
      let repeats = Repeats(settings, limiter)
      let statistics = try Statistics.make()
      let logLevel = settings.values.logLevel
      let state = try Monitor<ClientState>.make {
        ClientState(
          limiter, repeats, statistics, logLevel: logLevel, descriptor: descriptor, $0)
      }
      return Client(
        settings, endpoint: endpoint, limiter: limiter, repeats: repeats, statistics: statistics,
        descriptor: descriptor, state: state)
    } catch {
      if descriptor >= 0 { cplatform_close(descriptor) }
      limiter.release()
      throw error
    }
  }

  /// Whether this is the process that created the client.
  ///
  /// In a forked child there is no worker, the lock may be held for ever, and the connections are the parent's.
  var isOfThisProcess: Bool { cplatform_process_id() == process }

  /// Returns the client of a handle; throws in a forked child.
  static func usable(_ handle: OpaquePointer?) throws(Refusal) -> Client {
    let client = try object(handle, Client.self)
    guard client.isOfThisProcess else { throw Refusal(DEEPIDV_E_FORKED) }
    return client
  }
}
