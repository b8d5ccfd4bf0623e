import CDeepIDV
import CPlatform

/// An object for which a caller has a handle.
protocol HandleObject: AnyObject {
  /// Distinguishes this kind of handle from other memory.
  static var magic: UInt64 { get }
}

/// What a handle points to.
///
/// The object is not in it, so that its first word is checked before a Swift reference count is touched: a pointer
/// to something else is an error. Freeing overwrites the word, which turns most uses after free into
/// `DEEPIDV_E_HANDLE`; if the memory was allocated again, a use after free cannot be detected.
private struct HandleBox {
  var magic: UInt64
  var object: UnsafeMutableRawPointer
}

/// Memory for a handle, allocated before anything happens whose result needs the handle.
struct HandleSlot: ~Copyable {
  private var memory: UnsafeMutableRawPointer?

  init() throws(Refusal) {
    try requireMemory()
    memory = cplatform_malloc(MemoryLayout<HandleBox>.size)
    if memory == nil { throw Refusal(DEEPIDV_E_NOMEM) }
  }

  deinit { if let memory { cplatform_free(memory) } }

  /// Returns the handle of an object, which it keeps alive; can be called once.
  mutating func fill<Object: HandleObject>(_ object: Object) -> OpaquePointer? {
    guard let memory else { return nil }
    self.memory = nil
    let box = memory.bindMemory(to: HandleBox.self, capacity: 1)
    box.initialize(
      to: HandleBox(magic: Object.magic, object: Unmanaged.passRetained(object).toOpaque()))
    return OpaquePointer(box)
  }
}

/// Throws if memory has run out, so that what is left is for what has begun.
///
/// Swift ends the process if it cannot allocate an object.
func requireMemory() throws(Refusal) {
  if cplatform_memory_is_short() != 0 { throw Refusal(DEEPIDV_E_NOMEM) }
}

/// Returns the object of a handle.
func object<Object: HandleObject>(
  _ handle: OpaquePointer?, _ type: Object.Type = Object.self
) throws(Refusal) -> Object {
  let box = try box(handle, type)
  return Unmanaged<Object>.fromOpaque(box.pointee.object).takeUnretainedValue()
}

/// Frees a handle and returns its object, or nil for NULL and for another kind of handle.
func freeHandle<Object: HandleObject>(
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

/// Returns the handle of a new object through `out`, which is NULL on failure.
func returnHandle<Object: HandleObject>(
  _ out: UnsafeMutablePointer<OpaquePointer?>?, _ make: () throws(Refusal) -> Object
) -> deepidv_status {
  guard let out else { return DEEPIDV_E_NULL }
  out.pointee = nil
  return returnStatus { () throws(Refusal) in
    var slot = try HandleSlot()
    out.pointee = slot.fill(try make())
  }
}
