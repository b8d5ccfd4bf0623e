/// Nanoseconds since the start of a simulation.
typealias Instant = UInt64

extension Instant {
  var seconds: Double { Double(self) * 1e-9 }

  init(seconds: Double) { self = UInt64(seconds * 1e9) }
}

/// SplitMix64: the same numbers on every machine.
struct Generator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A random number in 0..<1.
  mutating func fraction() -> Double { Double.random(in: 0..<1, using: &self) }
}
