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
  private static let table =
    "CREATE TABLE event (number INTEGER PRIMARY KEY, body TEXT NOT NULL)"

  /// Opens or creates the file.
  init(path: String) throws(JournalFailure) {
    try StateFile.prepare(path)
    var database: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(path, &database, flags, nil) == SQLITE_OK, let database else {
      defer { sqlite3_close(database) }
      throw JournalFailure(database)
    }
    do throws(JournalFailure) {
      // Lock the file: two emulators would not see each other's events.
      try Journal.execute("PRAGMA locking_mode = EXCLUSIVE", on: database)
      // Nothing in the file itself can run.
      try Journal.execute("PRAGMA trusted_schema = OFF", on: database)
      let isNew = try Journal.check(database)
      try Journal.execute("PRAGMA journal_mode = WAL", on: database)
      // Each commit is on disk before it returns.
      try Journal.execute("PRAGMA synchronous = FULL", on: database)
      if isNew {
        try Journal.execute("PRAGMA application_id = \(Journal.applicationID)", on: database)
        try Journal.execute("PRAGMA user_version = \(Journal.version)", on: database)
        try Journal.execute(Journal.table, on: database)
      }
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
  func read(_ use: (Event) throws(JournalFailure) -> Void) throws(JournalFailure) {
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
        else {
          throw JournalFailure(
            problem: "it was changed by something else: it has an event in another form")
        }
        try use(event)
      default: throw JournalFailure(database)
      }
    }
  }
}

extension Journal {
  /// Returns whether a database is empty, or rejects it if it is of another program or version.
  private static func check(_ database: OpaquePointer) throws(JournalFailure) -> Bool {
    let id = try number("PRAGMA application_id", on: database)
    let version = try number("PRAGMA user_version", on: database)
    let tables = try number("SELECT count(*) FROM sqlite_schema", on: database)
    if tables == 0, id == 0 || id == applicationID { return true }
    guard id == applicationID, version == Journal.version else {
      throw JournalFailure(problem: "it is not a state file of this version of the emulator")
    }
    // A view or a trigger in place of the table could run anything.
    let own = try number(
      "SELECT count(*) FROM sqlite_schema WHERE sql = '\(table)'", on: database)
    guard tables == 1, own == 1 else {
      throw JournalFailure(problem: "it was changed by something else: it has other tables")
    }
    guard try text("PRAGMA quick_check(1)", on: database) == "ok" else {
      throw JournalFailure(problem: "it is damaged")
    }
    return false
  }

  private static func text(
    _ sql: String, on database: OpaquePointer
  ) throws(JournalFailure) -> String {
    let query = try prepare(sql, on: database)
    defer { sqlite3_finalize(query) }
    guard sqlite3_step(query) == SQLITE_ROW, let text = sqlite3_column_text(query, 0) else {
      throw JournalFailure(database)
    }
    return String(cString: text)
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
