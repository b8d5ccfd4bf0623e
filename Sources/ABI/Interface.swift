/// The whole public interface as data.
///
/// The header, the declarations for bindings, the version script and the reference are generated from it.
package struct Interface: Sendable {
  /// The library's version, `major.minor.patch`.
  package var version: Version
  /// The interface's version.
  ///
  /// The SONAME carries the major number.
  package var abi: ABIVersion
  /// The text at the top of the header: the rules that apply to every function.
  package var conventions: [Paragraph]
  /// Opaque objects, each with its own `_free`.
  package var handles: [Handle]
  /// Groups of integer constants, never renumbered.
  package var constants: [ConstantGroup]
  /// Open structs, whose layout never changes.
  package var structures: [Structure]
  /// The functions, by family.
  package var families: [Family]

  /// Every function, in the order of the header.
  package var functions: [Function] { families.flatMap(\.functions) }
}

/// A version of the library.
package struct Version: Sendable {
  package var major: Int
  package var minor: Int
  package var patch: Int
  /// Its date in the format of manual pages: `January 2, 2026`.
  package var date: String

  /// `major.minor.patch`.
  package var text: String { "\(major).\(minor).\(patch)" }
}

/// A version of the binary interface.
package struct ABIVersion: Sendable {
  package var major: Int
  package var minor: Int

  /// `major.minor`.
  package var text: String { "\(major).\(minor)" }
  /// What `deepidv_abi_version()` returns.
  package var number: Int { major * 65_536 + minor }
}

/// A paragraph with a title.
package struct Paragraph: Sendable {
  package var title: String
  package var text: String
}

/// An opaque object.
package struct Handle: Sendable {
  package var name: String
  package var doc: String

  /// The only function that frees it.
  package var free: String { Self.free(name) }

  /// The name of the function that frees a handle of this name.
  package static func free(_ name: String) -> String { "\(name)_free" }
}

/// A group of related integer constants.
package struct ConstantGroup: Sendable {
  package enum Kind: Sendable {
    case statuses
    /// One of the constants; a later version may add some.
    case enumeration
    /// Bits, of which any may be set.
    case flags
    case sizes
  }

  package var name: String
  package var kind: Kind
  /// What the names of its constants begin with.
  package var prefix: String
  package var title: String
  package var doc: String
  package var constants: [Constant]
}

/// One integer constant.
package struct Constant: Sendable {
  /// The full name of the macro.
  package var name: String
  package var value: Int64
  /// One sentence.
  ///
  /// For a status, also what `deepidv_status_text()` returns.
  package var doc: String
  /// The word that the service uses for it, if there is one.
  package var word: String?
  /// What kind of failure it is, if it is a status.
  package var status: StatusKind?
  /// Whether a create that ended with it may be sent again, if it is a status of creates.
  package var repeats: Repeat?
}

/// An open struct.
package struct Structure: Sendable {
  package var name: String
  package var doc: String
  package var fields: [Field]

  /// The members in C.
  package var cMembers: [CMember] { fields.flatMap(\.cMembers) }
  /// Whether its size depends on the size of a pointer.
  package var hasTexts: Bool { cMembers.contains { $0.lengthOf != nil } }
}

/// A member of an open struct.
package struct Field: Sendable {
  package var name: String
  package var type: FieldType
  package var meaning: Meaning
  package var encoding: TextEncoding
  package var doc: String

  package init(
    name: String, type: FieldType, _ meaning: Meaning = .any, encoding: TextEncoding = .utf8,
    doc: String
  ) {
    self.name = name
    self.type = type
    self.meaning = meaning
    self.encoding = encoding
    self.doc = doc
  }

  /// The members in C, where a text is a pointer and a length.
  package var cMembers: [CMember] {
    var own = CMember(
      type: type.cType, name: name, count: type.count, meaning: meaning, doc: doc)
    guard case .text = type else { return [own] }
    own.encoding = encoding
    return [
      own,
      CMember(
        type: "size_t", name: "\(name)_len", count: 1, doc: "its length in bytes", lengthOf: name),
    ]
  }
}

/// A member of an open struct in C.
package struct CMember: Sendable {
  package var type: String
  package var name: String
  /// The number of elements; it is an array if there is more than one.
  package var count: Int
  package var meaning: Meaning = .any
  /// The encoding, if it is a text.
  package var encoding: TextEncoding?
  package var doc: String
  /// The name of the text whose length it is.
  package var lengthOf: String?

  /// The C type with the number of elements.
  package var wholeType: String { type + suffix }
  /// The type, ready for the name to follow.
  package var declarator: String { type.hasSuffix("*") ? type : type + " " }
  /// What follows the name in C.
  package var suffix: String { count > 1 ? "[\(count)]" : "" }
}

/// The type of a member of an open struct.
package enum FieldType: Sendable {
  case int32
  case uint32
  case uint64
  case structure(String)
  /// An array of `uint32_t`.
  case words(Int)
  /// An array of `uint64_t`.
  case counters(Int)
  /// `const char *name; size_t name_len;`, borrowed from the object that the struct is read from.
  ///
  /// An absent text is NULL with length 0.
  case text
}

/// The functions of one topic.
package struct Family: Sendable {
  package var title: String
  package var doc: String
  package var functions: [Function]
}
