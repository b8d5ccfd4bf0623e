import CPlatform

/// Why a buffer did not grow.
public enum BufferError: Error, Equatable, Sendable {
  /// The contents would exceed the limit set at the start.
  case full
  /// There is no memory left.
  case outOfMemory
}

/// Growing storage for plain values: for contents whose size a peer decides, and for secrets.
///
/// Unlike `Array` it survives a failed allocation, never exceeds the limit set at the start, and wipes its memory
/// before freeing it. A method that throws leaves the contents unchanged.
@safe
public struct Buffer<Element: BitwiseCopyable>: ~Copyable {
  /// The largest size of the contents in bytes.
  public let byteLimit: Int

  /// The number of elements.
  public private(set) var count = 0

  /// How many elements fit into the allocated memory.
  private var capacity = 0

  /// Memory for `capacity` elements.
  ///
  /// The first `count` are in use; the others hold no secret.
  private var storage: UnsafeMutablePointer<Element>?

  /// Creates an empty buffer, without allocating.
  public init(byteLimit: Int) {
    self.byteLimit = byteLimit > 0 ? byteLimit : 0
    unsafe self.storage = nil
  }

  deinit {
    unsafe cplatform_wipe_and_free(storage, count &* MemoryLayout<Element>.stride)
  }
}

// MARK: Reading

extension Buffer {
  /// Whether there are no elements.
  public var isEmpty: Bool { count == 0 }

  /// The element at an index, or nil if the index is out of range.
  public func at(_ index: Int) -> Element? {
    guard index >= 0, index < count, let storage = unsafe storage else { return nil }
    return unsafe storage[index]
  }

  /// Calls `body` with the contents.
  @inline(__always)
  public func withSpan<Result: ~Copyable, Failure>(
    _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe UnsafeBufferPointer(start: storage, count: count).span)
  }

  /// The address of the contents for C, or nil if nothing was ever added.
  ///
  /// It is valid until an element is added or the buffer is destroyed.
  @unsafe
  public var address: UnsafePointer<Element>? { unsafe UnsafePointer(storage) }
}

// MARK: Writing

extension Buffer {
  /// Adds an element.
  @inline(never)
  public mutating func append(_ element: Element) throws(BufferError) {
    if count == capacity { try reserve(1) }
    guard let storage = unsafe storage else { return }
    unsafe storage.advanced(by: count).initialize(to: element)
    count &+= 1
  }

  /// Adds elements.
  @inline(never)
  public mutating func append(_ elements: Span<Element>) throws(BufferError) {
    try reserve(elements.count)
    guard let storage = unsafe storage else { return }
    unsafe elements.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      // As raw memory: element by element it would be a loop, even of bytes.
      unsafe cplatform_copy(storage.advanced(by: count), start, source.count)
    }
    count &+= elements.count
  }

  /// Adds the elements of another buffer.
  public mutating func append(contentsOf other: borrowing Buffer) throws(BufferError) {
    try other.withSpan { elements throws(BufferError) in try append(elements) }
  }

  /// Adds up to `limit` elements that `write` stores at an address, and whose number it returns.
  @unsafe
  public mutating func append(
    upTo limit: Int, by write: (UnsafeMutablePointer<Element>) -> Int
  ) throws(BufferError) {
    try reserve(limit)
    guard let storage = unsafe storage else { return }
    count &+= min(max(unsafe write(storage.advanced(by: count)), 0), limit)
  }

  /// Replaces an element.
  ///
  /// Returns false if the index is out of range.
  public mutating func replace(at index: Int, with element: Element) -> Bool {
    guard index >= 0, index < count, let storage = unsafe storage else { return false }
    unsafe storage[index] = element
    return true
  }

  /// Wipes the contents without freeing the memory.
  public mutating func removeAll() { shorten(to: 0) }

  /// Removes and wipes the elements from index `length` on, without freeing the memory.
  public mutating func shorten(to length: Int) {
    guard length >= 0, length < count, let storage = unsafe storage else { return }
    let removed = count &- length
    unsafe cplatform_explicit_bzero(
      storage.advanced(by: length), removed &* MemoryLayout<Element>.stride)
    count = length
  }

  /// Allocates memory for `additional` more elements.
  public mutating func reserve(_ additional: Int) throws(BufferError) {
    let (needed, overflow) = count.addingReportingOverflow(additional)
    guard !overflow else { throw .full }
    guard needed > capacity else { return }
    let limit = byteLimit / MemoryLayout<Element>.stride
    guard needed <= limit else { throw .full }
    // The capacity doubles, from 64 bytes up to the limit. Neither product can overflow: a capacity is at most
    // half the address space, and the limit is in bytes.
    let roomy = max(capacity &* 2, 64 / MemoryLayout<Element>.stride)
    try move(toCapacity: max(needed, min(roomy, limit)))
  }

  /// Frees unused memory, if it is more than the contents: for contents that stay as they are.
  ///
  /// Without memory to move them to, nothing changes.
  @inline(never)
  public mutating func fit() {
    let unused = capacity &- count
    if count > 0, unused > count, unused > 64 { try? move(toCapacity: count) }
  }

  /// Moves the contents to new memory and wipes the old.
  ///
  /// `realloc` would leave a copy behind.
  private mutating func move(toCapacity newCapacity: Int) throws(BufferError) {
    let stride = MemoryLayout<Element>.stride
    guard let memory = unsafe cplatform_malloc(newCapacity &* stride) else { throw .outOfMemory }
    let new = unsafe memory.bindMemory(to: Element.self, capacity: newCapacity)
    if let old = unsafe storage {
      unsafe cplatform_copy(memory, old, count &* stride)
      unsafe cplatform_wipe_and_free(old, count &* stride)
    }
    unsafe storage = new
    capacity = newCapacity
  }
}

// MARK: Bytes

/// A buffer of bytes, such as a text or the body of a request or an answer.
public typealias ByteBuffer = Buffer<UInt8>

extension Buffer where Element == UInt8 {
  /// Adds a string literal.
  @inline(never)
  public mutating func append(_ text: StaticString) throws(BufferError) {
    try text.withSpan { bytes throws(BufferError) in try append(bytes) }
  }

  /// Adds a part of a text, and a NUL.
  @inline(never)
  mutating func append(terminated text: Span<UInt8>, _ part: ByteRange) throws(BufferError) {
    guard part.start >= 0, part.start <= part.end, part.end <= text.count else { return }
    let length = part.end &- part.start
    if length >= capacity &- count { try reserve(length &+ 1) }
    guard let storage = unsafe storage else { return }
    let end = unsafe UnsafeMutableRawPointer(storage.advanced(by: count))
    unsafe text.withUnsafeBytes { text in
      guard let start = text.baseAddress else { return }
      unsafe cplatform_copy(end, start + part.start, length)
    }
    unsafe end.storeBytes(of: 0, toByteOffset: length, as: UInt8.self)
    count &+= length &+ 1
  }

  /// Adds bytes in quotes, optionally with a comma before and a colon after them.
  ///
  /// Most of a JSON document consists of such texts. Adding the pieces one by one took a third of the time that it
  /// takes to write a request's body.
  @inline(never)
  mutating func append(
    quoted bytes: Span<UInt8>, afterComma: Bool, beforeColon: Bool
  ) throws(BufferError) {
    // Reserves no more than is added, so that a text that fills the buffer exactly still fits.
    let extra = 2 &+ (afterComma ? 1 : 0) &+ (beforeColon ? 1 : 0)
    let (size, overflow) = bytes.count.addingReportingOverflow(extra)
    if overflow { throw .full }
    try reserve(size)
    guard let storage = unsafe storage else { return }
    if afterComma {
      unsafe storage.advanced(by: count).initialize(to: UInt8(ascii: ","))
      count &+= 1
    }
    unsafe storage.advanced(by: count).initialize(to: UInt8(ascii: "\""))
    count &+= 1
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe cplatform_copy(storage.advanced(by: count), start, source.count)
    }
    count &+= bytes.count
    unsafe storage.advanced(by: count).initialize(to: UInt8(ascii: "\""))
    count &+= 1
    if beforeColon {
      unsafe storage.advanced(by: count).initialize(to: UInt8(ascii: ":"))
      count &+= 1
    }
  }

  /// Adds a number in decimal.
  public mutating func append(decimal number: Int64) throws(BufferError) {
    try appendDecimal(number.magnitude, sign: number < 0 ? "-" : "")
  }

  /// Adds a number in decimal.
  public mutating func append(decimal number: UInt64) throws(BufferError) {
    try appendDecimal(number, sign: "")
  }

  private mutating func appendDecimal(_ number: UInt64, sign: StaticString) throws(BufferError) {
    // Reserves all of it first, so that a failure leaves no partial number.
    var digits = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      digits &+= 1
    }
    try reserve(digits &+ sign.count)
    try append(sign)
    var divisor: UInt64 = 10_000_000_000_000_000_000
    while divisor > 0 {
      if number >= divisor || divisor == 1 {
        try append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / divisor % 10))
      }
      divisor /= 10
    }
  }
}
