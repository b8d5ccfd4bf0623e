/// The number of requests answered recently, in a ring of time buckets.
///
/// Buckets, not a list of instants: how many answers there are depends on the limit that is set and on the
/// service, while these are 80 numbers whatever happens.
struct RecentAnswers: Sendable {
  /// 20 seconds in quarters: the shortest window has eight of them, so where a bucket ends matters little.
  private var buckets = [80 of UInt32](repeating: 0)
  /// The bucket that is being filled.
  private var current = 0
  /// Nanoseconds since it was begun.
  private var age: UInt64 = 0

  /// A quarter of a second.
  private static var width: UInt64 { 250_000_000 }
}

extension RecentAnswers {
  /// Counts an answer.
  mutating func count() {
    // Four billion in a quarter of a second do not happen, and must not trap if they do.
    buckets[current] &+= 1
  }

  /// Lets nanoseconds pass.
  mutating func advance(by step: UInt64) {
    let (sum, overflow) = age.addingReportingOverflow(step)
    let begun = overflow ? UInt64.max : sum / Self.width
    age = overflow ? 0 : sum % Self.width
    for _ in 0..<min(begun, UInt64(buckets.count)) {
      current = (current + 1) % buckets.count
      buckets[current] = 0
    }
  }

  /// Answers a second, for a sender that sends so many requests a second.
  ///
  /// Over as long as five requests take, so that a slow sender's figure is not one of luck; over two
  /// seconds at least, to see past the gaps between answers, and over no more than 20, for what was
  /// further back says nothing of now.
  ///
  /// - Parameter burst: How many answers are left out.
  func rate(whenSending rate: Double, without burst: Double = 0) -> Double {
    let window = max(2, min(20, 5 / rate))
    let width = Double(Self.width) * 1e-9
    // At most 20 s / 0.25 s = 80: the ring as a whole.
    let count = Int(window / width)
    var answers = 0.0
    for back in 0..<count {
      answers += Double(buckets[(current + buckets.count - back) % buckets.count])
    }
    return max(0, answers - burst) / (Double(count - 1) * width + Double(age) * 1e-9)
  }
}
