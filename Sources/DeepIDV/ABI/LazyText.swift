import CPlatform
import DeepIDVCore
import Synchronization

/// A text of an object that is written when it is first read, by whichever thread that is.
///
/// Nobody waits: threads that read it at the same time all write it, and all get the one that was stored first.
struct LazyText: ~Copyable {
  /// The text, with a NUL at its end and none before it.
  private let text = Atomic<UnsafeMutableRawPointer?>(nil)

  deinit {
    guard let text = text.load(ordering: .acquiring) else { return }
    cplatform_wipe_and_free(text, Self.length(text))
  }

  /// Returns the text; none if memory runs out.
  ///
  /// - Parameter write: Returns the text without a NUL.
  func read(_ write: () throws(BufferError) -> ByteBuffer) -> LentText {
    var result = LentText()
    guard let text = text.load(ordering: .acquiring) ?? store(write) else { return result }
    result.start = UnsafePointer(text.assumingMemoryBound(to: CChar.self))
    result.count = Self.length(text)
    return result
  }

  private func store(
    _ write: () throws(BufferError) -> ByteBuffer
  ) -> UnsafeMutableRawPointer? {
    guard let written = try? write(), let source = written.address else { return nil }
    guard let memory = cplatform_malloc(written.count &+ 1) else { return nil }
    cplatform_copy(memory, source, written.count)
    memory.storeBytes(of: 0, toByteOffset: written.count, as: UInt8.self)
    let (stored, earlier) = text.compareExchange(
      expected: nil, desired: memory, ordering: .acquiringAndReleasing)
    if stored { return memory }
    cplatform_wipe_and_free(memory, written.count)
    return earlier
  }

  private static func length(_ text: UnsafeMutableRawPointer) -> Int {
    cplatform_strlen(text.assumingMemoryBound(to: CChar.self))
  }
}
