import CSQLite
import Foundation

/// The state file, which stores every event before the response is sent.
///
/// An SQLite database, so that a crash during a write cannot corrupt it. Not thread-safe.
final class Journal {
  private let database: OpaquePointer
  private let insert: OpaquePointer

  /// Identifies the emulator's files: `didv`.
  private static let applicationID: Int32 = 0x6469_6476
  private static let version: Int32 = 1

  /// Opens or creates the file.
  init(path: String) throws(JournalFailure) {
    var database: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(path, &database, flags, nil) == SQLITE_OK, let database else {
      defer { sqlite3_close(database) }
      throw JournalFailure(database)
    }
    do throws(JournalFailure) {
      // Lock the file: two emulators would not see each other's events.
      try Journal.execute("PRAGMA locking_mode = EXCLUSIVE", on: database)
      try Journal.check(database)
      try Journal.execute("PRAGMA journal_mode = WAL", on: database)
      // Each commit is on disk before it returns.
      try Journal.execute("PRAGMA synchronous = FULL", on: database)
      try Journal.execute("PRAGMA application_id = \(Journal.applicationID)", on: database)
      try Journal.execute("PRAGMA user_version = \(Journal.version)", on: database)
      try Journal.execute(
        "CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, body TEXT NOT NULL)",
        on: database)
      insert = try Journal.prepare("INSERT INTO event (body) VALUES (?)", on: database)
    } catch {
      sqlite3_close(database)
      throw error
    }
    self.database = database
  }

  deinit {
    sqlite3_finalize(insert)
    sqlite3_close(database)
  }

  /// Writes all events, or throws and writes none.
  func write(_ events: [Event]) throws(JournalFailure) {
    let encoder = JSONEncoder()
    try Journal.execute("BEGIN IMMEDIATE", on: database)
    do throws(JournalFailure) {
      for event in events {
        if case .forgotten = event { try Journal.execute("DELETE FROM event", on: database) }
        guard let body = try? encoder.encode(event) else {
          throw JournalFailure(problem: "an event cannot be encoded")
        }
        try append(body)
      }
      try Journal.execute("COMMIT", on: database)
    } catch {
      // After some errors, SQLite has already rolled back.
      try? Journal.execute("ROLLBACK", on: database)
      throw error
    }
  }

  private func append(_ body: Data) throws(JournalFailure) {
    let result = body.withUnsafeBytes { bytes in
      sqlite3_bind_text(
        insert, 1, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil)
      let result = sqlite3_step(insert)
      sqlite3_reset(insert)
      sqlite3_clear_bindings(insert)
      return result
    }
    guard result == SQLITE_DONE else { throw JournalFailure(database) }
  }

  /// Reads all events, oldest first.
  func read(_ use: (Event) -> Void) throws(JournalFailure) {
    let decoder = JSONDecoder()
    let query = try Journal.prepare("SELECT body FROM event ORDER BY number", on: database)
    defer { sqlite3_finalize(query) }
    while true {
      switch sqlite3_step(query) {
      case SQLITE_DONE: return
      case SQLITE_ROW:
        let count = Int(sqlite3_column_bytes(query, 0))
        guard let bytes = sqlite3_column_blob(query, 0),
          let event = try? decoder.decode(Event.self, from: Data(bytes: bytes, count: count))
        else { throw JournalFailure(problem: "it contains an invalid event") }
        use(event)
      default: throw JournalFailure(database)
      }
    }
  }
}

extension Journal {
  /// Rejects databases of other programs or versions.
  private static func check(_ database: OpaquePointer) throws(JournalFailure) {
    let id = try number("PRAGMA application_id", on: database)
    let version = try number("PRAGMA user_version", on: database)
    let tables = try number("SELECT count(*) FROM sqlite_master", on: database)
    if id == applicationID && version == Journal.version { return }
    guard id == 0, version == 0, tables == 0 else {
      throw JournalFailure(problem: "it is not a state file of this version of the emulator")
    }
  }

  private static func number(_ sql: String, on database: OpaquePointer) throws(JournalFailure)
    -> Int32
  {
    let query = try prepare(sql, on: database)
    defer { sqlite3_finalize(query) }
    guard sqlite3_step(query) == SQLITE_ROW else { throw JournalFailure(database) }
    return sqlite3_column_int(query, 0)
  }

  private static func prepare(
    _ sql: String, on database: OpaquePointer
  ) throws(JournalFailure) -> OpaquePointer {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
      throw JournalFailure(database)
    }
    return statement
  }

  private static func execute(
    _ sql: String, on database: OpaquePointer
  ) throws(JournalFailure) {
    guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
      throw JournalFailure(database)
    }
  }
}

/// Why the state file could not be read or written.
public struct JournalFailure: Error, Equatable {
  /// The error message, without stored data.
  public let problem: String

  /// The error of a call that could not be recorded.
  var text: String { "The state file cannot be written: \(problem)" }

  init(problem: String) { self.problem = problem }

  init(_ database: OpaquePointer?) {
    problem = database.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
  }
}
