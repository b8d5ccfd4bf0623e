import CDeepIDV
import CPlatform

/// An object that a caller holds by a pointer.
protocol HandleObject: AnyObject {
  /// Tells this kind of object from any other memory.
  static var magic: UInt64 { get }
}

/// What a handle points to.
///
/// The object itself is one step away, so that a pointer to something else is recognised by its first
/// word before any Swift reference count is touched. Freeing overwrites the word, which turns most
/// uses after free into `DEEPIDV_E_HANDLE`; memory that was given out again cannot be told apart.
private struct HandleBox {
  var magic: UInt64
  var object: UnsafeMutableRawPointer
}

/// Memory for a handle, taken before anything happens that could not be told without one.
struct HandleSlot: ~Copyable {
  private var memory: UnsafeMutableRawPointer?

  init() throws(Refusal) {
    memory = cplatform_malloc(MemoryLayout<HandleBox>.size)
    if memory == nil { throw Refusal(DEEPIDV_E_NOMEM) }
  }

  deinit { if let memory { cplatform_free(memory) } }

  /// The pointer that a caller gets; it keeps the object alive.
  ///
  /// Works once.
  mutating func fill<Object: HandleObject>(_ object: Object) -> OpaquePointer? {
    guard let memory else { return nil }
    self.memory = nil
    let box = memory.bindMemory(to: HandleBox.self, capacity: 1)
    box.initialize(
      to: HandleBox(magic: Object.magic, object: Unmanaged.passRetained(object).toOpaque()))
    return OpaquePointer(box)
  }
}

/// The object behind a handle.
func object<Object: HandleObject>(
  _ handle: OpaquePointer?, _ type: Object.Type = Object.self
) throws(Refusal) -> Object {
  let box = try box(handle, type)
  return Unmanaged<Object>.fromOpaque(box.pointee.object).takeUnretainedValue()
}

/// Ends a handle and answers its object, or nil for NULL and for what is no such handle.
func takeHandle<Object: HandleObject>(
  _ handle: OpaquePointer?, _ type: Object.Type = Object.self
) -> Object? {
  guard let box = try? box(handle, type) else { return nil }
  let object = Unmanaged<Object>.fromOpaque(box.pointee.object).takeRetainedValue()
  cplatform_wipe_and_free(box, MemoryLayout<HandleBox>.size)
  return object
}

private func box<Object: HandleObject>(
  _ handle: OpaquePointer?, _ type: Object.Type
) throws(Refusal) -> UnsafeMutablePointer<HandleBox> {
  guard let handle else { throw Refusal(DEEPIDV_E_NULL) }
  let box = UnsafeMutablePointer<HandleBox>(handle)
  let aligned = UInt(bitPattern: box) % UInt(MemoryLayout<HandleBox>.alignment) == 0
  guard aligned, box.pointee.magic == Object.magic else { throw Refusal(DEEPIDV_E_HANDLE) }
  return box
}

/// Answers a new object through an out parameter, which is NULL unless all went well.
func answerHandle<Object: HandleObject>(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ make: () throws(Refusal) -> Object
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = nil
  return answer { () throws(Refusal) in
    var slot = try HandleSlot()
    out.pointee = slot.fill(try make())
  }
}
