import CSQLite
import Foundation

/// The file that stores every event before its response is sent.
///
/// A database of one table, so that a half-written event at the end of a crash is nobody's problem
/// but SQLite's. One thread at a time may use it.
final class Journal {
  private let database: OpaquePointer
  private let insert: OpaquePointer

  /// Tells this program's files from others: `didv`.
  private static let applicationID: Int32 = 0x6469_6476
  private static let version: Int32 = 1

  /// Opens the file, or makes it.
  init(path: String) throws(JournalFailure) {
    var database: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(path, &database, flags, nil) == SQLITE_OK, let database else {
      defer { sqlite3_close(database) }
      throw JournalFailure(database)
    }
    do throws(JournalFailure) {
      // The lock is held from here on: two emulators would each miss what the other writes.
      try Journal.execute("PRAGMA locking_mode = EXCLUSIVE", on: database)
      try Journal.check(database)
      try Journal.execute("PRAGMA journal_mode = WAL", on: database)
      // Each commit is on the disk before it returns.
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

  /// Writes events down: all of them, or none and an error.
  func write(_ events: [Event]) throws(JournalFailure) {
    let encoder = JSONEncoder()
    try Journal.execute("BEGIN IMMEDIATE", on: database)
    do throws(JournalFailure) {
      for event in events {
        if case .forgotten = event { try Journal.execute("DELETE FROM event", on: database) }
        guard let body = try? encoder.encode(event) else {
          throw JournalFailure(problem: "an event cannot be written down")
        }
        try append(body)
      }
      try Journal.execute("COMMIT", on: database)
    } catch {
      // After some errors SQLite has done so by itself.
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

  /// Everything that was written down, in order.
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
        else { throw JournalFailure(problem: "it holds an event that cannot be read") }
        use(event)
      default: throw JournalFailure(database)
      }
    }
  }
}

extension Journal {
  /// Refuses a database that is somebody else's.
  private static func check(_ database: OpaquePointer) throws(JournalFailure) {
    let id = try number("PRAGMA application_id", on: database)
    let version = try number("PRAGMA user_version", on: database)
    let tables = try number("SELECT count(*) FROM sqlite_master", on: database)
    if id == applicationID && version == Journal.version { return }
    guard id == 0, version == 0, tables == 0 else {
      throw JournalFailure(problem: "it is no state file of this version of the emulator")
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
  /// In words; nothing of the data is in it.
  public let problem: String

  init(problem: String) { self.problem = problem }

  init(_ database: OpaquePointer?) {
    problem = database.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
  }
}
