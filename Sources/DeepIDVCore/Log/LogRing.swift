import CDeepIDV

/// The latest log records that nobody has taken.
public struct LogRing: ~Copyable {
  private var records: Buffer<deepidv_log>
  private let limit: Int
  /// The index of the oldest record.
  private var first = 0
  private var count = 0
  /// How many records were dropped since one was taken.
  private var lost: UInt64 = 0

  /// Creates an empty ring of at most `limit` records; it allocates no memory yet.
  public init(limit: Int) {
    self.limit = limit
    records = Buffer(byteLimit: limit &* MemoryLayout<deepidv_log>.stride)
  }

  /// Adds a record.
  ///
  /// - Returns: Whether a record was dropped: the oldest, or this one if memory runs out.
  public mutating func append(_ record: deepidv_log) -> Bool {
    if count == limit {
      _ = records.replace(at: first, with: record)
      first = place(first &+ 1)
      lost &+= 1
      return true
    }
    let index = place(first &+ count)
    if index < records.count {
      _ = records.replace(at: index, with: record)
    } else {
      do throws(BufferError) { try records.append(record) } catch {
        lost &+= 1
        return true
      }
    }
    count &+= 1
    return false
  }

  private func place(_ number: Int) -> Int { number % max(limit, 1) }

  /// Removes and returns the oldest record, or first one that says how many were dropped before it.
  public mutating func takeFirst() -> deepidv_log? {
    guard count > 0, let record = records.at(first) else { return nil }
    if lost > 0 {
      var notice = deepidv_log()
      notice.time_us = record.time_us
      notice.level = DEEPIDV_LEVEL_WARNING
      notice.code = DEEPIDV_LOG_LOST
      notice.value = lost
      lost = 0
      return notice
    }
    first = place(first &+ 1)
    count &-= 1
    return record
  }
}
