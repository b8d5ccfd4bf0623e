import ABI

extension Python {
  /// The argtypes of one parameter of the table.
  ///
  /// Handles are typed, so that the wrong kind is refused.
  func argumentTypes(_ kind: Parameter.Kind) -> [String] {
    switch kind {
    case .int32: ["c_int32"]
    case .uint32: ["c_uint32"]
    case .uint64: ["c_uint64"]
    case .text: ["c_char_p", "c_size_t"]
    case .buffer: [pointer("c_char"), "c_size_t"]
    case .handle(let name), .constHandle(let name), .structure(let name),
      .constStructure(let name), .inoutStructure(let name):
      [pointer(name)]
    case .outHandle(let name): [pointer(pointer(name))]
    case .outText: [pointer(pointer("c_char"))]
    case .outSize: [pointer("c_size_t")]
    case .outInt32: [pointer("c_int32")]
    case .outInt64: [pointer("c_int64")]
    case .outUInt64: [pointer("c_uint64")]
    }
  }

  /// The restype.
  ///
  /// Not c_char_p for a text: that would cut it at its first NUL.
  func resultType(_ result: Result) -> String {
    switch result {
    case .nothing: "None"
    case .status: "deepidv_status"
    case .int32: "c_int32"
    case .uint32: "c_uint32"
    case .uint64: "c_uint64"
    case .descriptor: "c_int"
    case .text: pointer("c_char")
    }
  }

  /// The name of a pointer type.
  ///
  /// ctypes returns a different type after another interpreter of the same process has loaded ctypes, and
  /// the functions refuse that type.
  func pointer(_ type: String) -> String { "p_\(type)" }

  /// The pointer types of the functions, each after the type that it points to.
  func pointers(_ interface: Interface) -> [String] {
    var types: [String] = []
    for function in interface.functions {
      let names =
        function.parameters.flatMap { argumentTypes($0.kind) } + [resultType(function.returns)]
      for name in names where name.hasPrefix("p_") && !types.contains(name) {
        let target = String(name.dropFirst(2))
        if target.hasPrefix("p_") && !types.contains(target) { types.append(target) }
        types.append(name)
      }
    }
    return types
  }

  /// The ctypes type of each C member of a type, and the Python type of its value.
  func memberTypes(_ type: FieldType) -> [(type: String, annotation: String)] {
    switch type {
    case .int32: [("c_int32", "int")]
    case .uint32: [("c_uint32", "int")]
    case .uint64: [("c_uint64", "int")]
    case .structure(let name): [(name, name)]
    case .words(let count): [("c_uint32 * \(count)", "ctypes.Array[c_uint32]")]
    case .counters(let count): [("c_uint64 * \(count)", "ctypes.Array[c_uint64]")]
    // Returns bytes up to the first NUL; the length shows whether there are more.
    case .text: [("c_char_p", "bytes | None"), ("c_size_t", "int")]
    }
  }

  /// The part that does not depend on the table.
  static let helpers = #"""


    def text(pointer: Any, length: int = -1) -> bytes | None:
        """Copy a borrowed text, or return None if there is none.

        Without a length, the text ends at its first NUL.
        """
        return ctypes.string_at(pointer, length) if pointer else None


    def bind(library: ctypes.CDLL) -> ctypes.CDLL:
        """Declare every function of a loaded library.

        Raises ImportError if the interface of the library differs from these declarations.
        """
        check_version(library)
        for structure, size in STRUCTURE_SIZES:
            if ctypes.sizeof(structure) != size:
                raise ImportError(
                    f"{structure.__name__} has {ctypes.sizeof(structure)} bytes, not {size}"
                )
        for function_name, restype, argtypes in FUNCTIONS:
            try:
                function = getattr(library, function_name)
            except AttributeError:
                raise ImportError(f"{NEEDED}, but {library._name} lacks {function_name}") from None
            function.restype = restype
            function.argtypes = argtypes
        return library
    """#.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}
