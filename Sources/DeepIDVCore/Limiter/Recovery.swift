/// The way back after a 429: how fast requests may leave, by the seconds since.
///
/// A cubic, as TCP's CUBIC climbs: quickly back to near the rate at which the 429 came, slowly past it,
/// then ever faster, for the others may have left.
///
///     rate(t) = peak * (1 + 0.3 * ((t - plateau) / plateau)³) + 0.02 * t
///
/// The cubic is a *part of the peak*: a process with a hundredth of the limit and one with all of it take
/// the same time. An absolute cubic has the small ones back at twice their share within two seconds, and
/// many small ones are the whole traffic.
struct Recovery: Sendable {
  /// Requests a second that were granted when the 429 came.
  let peak: Double
  /// Seconds until the rate is there again.
  let plateau: Double
  private let limit: Double
  /// Seconds until the rate is the limit.
  private var end = 0.0

  /// - Parameters:
  ///   - rate: Requests a second that were allowed when the 429 came.
  ///   - delivered: Requests a second that were answered just before.
  ///   - limit: Never more than that.
  ///   - isFirst: Whether the way back from every 429 before had been gone.
  ///   - random: From 0 to less than 1.
  init(rate: Double, delivered: Double, limit: Double, isFirst: Bool, random: Double) {
    self.limit = limit
    let lowest = isFirst ? Self.slowestFirstPeak : Self.slowestPeak
    peak = min(limit, max(lowest, min(rate, delivered)))
    let plateau =
      isFirst ? Self.firstPlateau : min(max(Self.requests / peak, Self.shortest), Self.longest)
    self.plateau = plateau * (1 - Self.scatter + 2 * Self.scatter * random)
    // By halving: the growth alone would be there at the latter of the two times.
    var (before, after) = (0.0, limit / Self.growth)
    for _ in 0..<60 {
      let middle = (before + after) / 2
      if curve(middle) < limit { before = middle } else { after = middle }
    }
    end = after
  }
}

// MARK: Constants

extension Recovery {
  /// How far below the peak it begins, as a part of it.
  ///
  /// AWS and CUBIC take the same. A half would leave capacity unused, and with a tenth it would take several
  /// 429s to make room for one more process.
  private static var drop: Double { 0.3 }

  /// Requests a second that are gained each second, whatever the peak.
  ///
  /// Who has less gains more by it in proportion, and that is what evens out the shares.
  private static var growth: Double { 0.02 }

  /// The lowest peak, in requests a second.
  ///
  /// A process that got nothing of late still asks every six seconds, or it would never learn that the
  /// others have left; a hundred of its kind together stay below what the service grants. It does not
  /// depend on the limit that is set, for that may be a host's part of the service's.
  private static var slowestPeak: Double { 0.25 }

  /// The lowest peak after the first 429: a tenth of what the service grants.
  ///
  /// Little was answered before it because little was asked, as far as is known, and a program that has just
  /// begun would wait four seconds for its next request. If the others leave less, then the next 429, a second
  /// later, finds it out.
  private static var slowestFirstPeak: Double { 2.5 }

  /// The way to the plateau is as long as so many requests at the peak take.
  ///
  /// Fewer would not show whether the peak is too much before more is tried.
  private static var requests: Double { 4 }
  /// Seconds to the plateau at least: dozens of round trips, or fast senders are refused all the time.
  private static var shortest: Double { 5 }
  /// Seconds to the plateau at most, so that capacity that falls free is found within about a minute.
  private static var longest: Double { 10 }
  /// Seconds to the plateau after the first 429, which says only that the peak may be anything: a wrong guess is
  /// left soon, in either direction.
  private static var firstPlateau: Double { 3 }

  /// By what part the way to the plateau is longer or shorter, lest all processes reach for more at once.
  private static var scatter: Double { 0.25 }
}

// MARK: The curve

extension Recovery {
  /// Requests a second.
  func rate(at time: Double) -> Double { isOver(at: time) ? limit : min(limit, curve(time)) }

  /// Whether the limit is reached.
  func isOver(at time: Double) -> Bool { time >= end }

  /// How many requests may leave between two times.
  func accrued(from start: Double, to stop: Double) -> Double {
    let climbing = start < end ? area(min(stop, end)) - area(start) : 0
    let there = stop > end ? limit * (stop - max(start, end)) : 0
    // The bound is for what a `Double` rounds.
    return min(climbing + there, limit * (stop - start))
  }

  /// The seconds until `requests` more requests are allowed.
  func time(toAccrue amount: Double, from start: Double) -> Double {
    guard start < end else { return amount / limit }
    let climbing = area(end) - area(start)
    guard amount < climbing else { return end - start + (amount - climbing) / limit }
    // Newton's method. The rate only rises: so the rate at the start gives a time that is too late, and
    // each step from there comes closer without ever being too early. Two or three do for a request; the
    // bound is for a long queue.
    var time = min(amount / curve(start), end - start)
    for _ in 0..<50 {
      let step = (area(start + time) - area(start) - amount) / curve(start + time)
      guard step > 1e-9 else { break }
      time -= step
    }
    return max(time, amount / limit)
  }

  private func curve(_ time: Double) -> Double {
    let way = (time - plateau) / plateau
    return peak * (1 + Self.drop * way * way * way) + Self.growth * time
  }

  /// The integral of the curve, but for a constant.
  private func area(_ time: Double) -> Double {
    let way = (time - plateau) / plateau
    let cubic = Self.drop * plateau * way * way * way * way / 4
    return peak * (time + cubic) + Self.growth * time * time / 2
  }
}
