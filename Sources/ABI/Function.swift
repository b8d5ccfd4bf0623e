/// One exported function with everything that a caller must know.
package struct Function: Sendable {
  package var name: String
  package var returns: Result
  package var summary: String
  package var discussion: String
  package var parameters: [Parameter]
  /// The statuses that it can return, without the `DEEPIDV_` prefix.
  ///
  /// Empty unless it returns a status.
  package var statuses: [String]
  package var threads: Threads
  package var since: String
  /// The section of the contract that it implements, or nil if there is none.
  package var source: String?
  /// Whether it may wait: for the network, or for other operations.
  package var blocks = false
  /// Those of its statuses that answer the question which it asks, such as "there is none".
  ///
  /// All others but `OK` are failures. The same status can be either: a redirect that is ambiguous is an answer when it
  /// is parsed, and an error when it is set.
  package var answers: [String] = []
  /// The blocking function whose operation it submits.
  package var submitOf: String?
  /// The option that it sets.
  package var option: Option?
  /// The field of a request that it sets.
  package var field: RequestField?

  package init(
    _ name: String, returns: Result, _ summary: String, _ discussion: String = "",
    parameters: [Parameter] = [], statuses: [String] = [], threads: Threads, since: String,
    source: String? = nil
  ) {
    self.name = name
    self.returns = returns
    self.summary = summary
    self.discussion = discussion
    self.parameters = parameters
    self.statuses = statuses
    self.threads = threads
    self.since = since
    self.source = source
  }

  /// The same function, which may wait for the network or for other operations.
  package var blocking: Function {
    var copy = self
    copy.blocks = true
    return copy
  }

  /// The same function, of which some statuses are no failures.
  package func answering(_ answers: String...) -> Function {
    var copy = self
    copy.answers = answers
    return copy
  }

  /// The parameters in C, where a text is a pointer and a length.
  package var cParameters: [CParameter] { parameters.flatMap(\.cParameters) }
}

/// Who may call a function at the same time.
package enum Threads: String, Sendable {
  /// Any number of threads at once.
  case any
  /// No other call may use the same handle at the same time.
  case exclusive
}

/// What a function returns.
package enum Result: Sendable {
  case nothing
  case status
  case int32(String, Meaning = .any)
  case uint32(String, Meaning = .any)
  case uint64(String)
  case descriptor(String)
  /// A NUL-terminated `const char *`.
  case text(String, Lifetime, TextEncoding = .utf8, nullable: Bool = true)
}

/// A parameter of the table.
package struct Parameter: Sendable {
  package enum Kind: Sendable {
    case int32
    case uint32
    case uint64
    /// `const char *name, size_t name_len`.
    case text
    /// `char *name, size_t capacity`: a buffer of the caller that the function writes.
    case buffer
    case handle(String)
    case constHandle(String)
    case structure(String)
    case constStructure(String)
    /// A struct that the function reads and changes.
    case inoutStructure(String)
    case outHandle(String)
    case outText
    case outSize
    case outInt32
    case outInt64
    case outUInt64
  }

  package var name: String
  package var kind: Kind
  package var ownership: Ownership
  /// Whether it may be NULL.
  package var optional: Bool
  package var doc: String
  /// What it may be, if it is a number.
  package var meaning = Meaning.any
  /// The encoding, if it is a text or a buffer.
  package var encoding = TextEncoding.utf8
  /// The longest text in bytes, if there is a limit.
  package var limit: Int?
  /// What it returns the length of: the name of a buffer, or `return`.
  package var lengthOf: String?

  /// A parameter of which its kind says who owns it.
  package init(_ name: String, _ kind: Kind, optional: Bool = false, _ doc: String) {
    self.init(name, kind, kind.usualOwnership, optional: optional, doc)
  }

  package init(
    _ name: String, _ kind: Kind, _ ownership: Ownership, optional: Bool = false, _ doc: String
  ) {
    self.name = name
    self.kind = kind
    self.ownership = ownership
    self.optional = optional
    self.doc = doc
  }

  /// The same parameter, for numbers with a meaning.
  package func meaning(_ meaning: Meaning) -> Parameter {
    var copy = self
    copy.meaning = meaning
    return copy
  }

  /// The same parameter, for numbers of a range.
  package func range(_ range: ClosedRange<Int64>) -> Parameter { meaning(.range(range)) }

  /// The same parameter, for texts in another encoding than UTF-8.
  package func encoded(_ encoding: TextEncoding) -> Parameter {
    var copy = self
    copy.encoding = encoding
    return copy
  }

  /// The same parameter, for texts with a limit in bytes.
  package func limit(_ limit: Int) -> Parameter {
    var copy = self
    copy.limit = limit
    return copy
  }

  /// The same parameter, which returns the length of what another one returns.
  package func length(of other: String) -> Parameter {
    var copy = self
    copy.lengthOf = other
    return copy
  }

  /// The one or two parameters in C.
  package var cParameters: [CParameter] {
    switch kind {
    case .int32: [CParameter("int32_t", name)]
    case .uint32: [CParameter("uint32_t", name)]
    case .uint64: [CParameter("uint64_t", name)]
    case .text: [CParameter("const char *", name), CParameter("size_t", "\(name)_len")]
    case .buffer: [CParameter("char *", name), CParameter("size_t", "capacity")]
    case .handle(let type), .structure(let type), .inoutStructure(let type):
      [CParameter("\(type) *", name)]
    case .constHandle(let type), .constStructure(let type): [CParameter("const \(type) *", name)]
    case .outHandle(let type): [CParameter("\(type) **", name)]
    case .outText: [CParameter("const char **", name)]
    case .outSize: [CParameter("size_t *", name)]
    case .outInt32: [CParameter("int32_t *", name)]
    case .outInt64: [CParameter("int64_t *", name)]
    case .outUInt64: [CParameter("uint64_t *", name)]
    }
  }

  /// Whether the function reads what it points to, writes it, or both.
  package enum Direction: String, Sendable {
    case input = "in"
    case output = "out"
    case both = "inout"
  }

  package var direction: Direction {
    switch kind {
    case .buffer, .outHandle, .outText, .outSize, .outInt32, .outInt64, .outUInt64, .structure:
      .output
    case .inoutStructure: .both
    case .int32, .uint32, .uint64, .text, .handle, .constHandle, .constStructure: .input
    }
  }

  /// The kind of object, if it is one that the function uses.
  package var handle: String? {
    switch kind {
    case .handle(let name), .constHandle(let name): name
    default: nil
    }
  }

  /// The kind of object that the function creates here.
  package var newHandle: String? {
    if case .outHandle(let name) = kind { return name }
    return nil
  }
}

extension Parameter.Kind {
  /// Whether it is a text that the caller passes.
  package var isText: Bool {
    if case .text = self { return true }
    return false
  }

  /// Who owns what a parameter of this kind points to, unless the table says otherwise.
  package var usualOwnership: Ownership {
    switch self {
    case .int32, .uint32, .uint64: .value
    case .outHandle(let handle): .owned(free: Handle.free(handle))
    case .text, .buffer, .handle, .constHandle, .structure, .constStructure, .inoutStructure,
      .outText, .outSize, .outInt32, .outInt64, .outUInt64:
      .borrowed
    }
  }
}

/// Who owns what a parameter points to.
///
/// The four words that the conventions define.
package enum Ownership: Sendable, Equatable {
  /// A number: nothing to own.
  case value
  /// Used during the call only; a returned text belongs to the object that it describes.
  case borrowed
  /// The library takes its own copy before the call returns.
  case copied
  /// The caller must free it with this function.
  case owned(free: String)
  /// The library frees it, even on failure.
  case consumed

  /// The word that is printed.
  package var word: String {
    switch self {
    case .value: ""
    case .borrowed: "borrowed"
    case .copied: "copied"
    case .owned(let free): "owned, \(free)()"
    case .consumed: "consumed"
    }
  }
}

/// A parameter in C.
package struct CParameter: Sendable {
  package var type: String
  package var name: String

  init(_ type: String, _ name: String) {
    self.type = type
    self.name = name
  }

  /// `type name`, with the star of a pointer next to the name.
  package var text: String { type.hasSuffix("*") ? type + name : "\(type) \(name)" }
}

extension Result {
  /// The C type.
  package var cType: String {
    switch self {
    case .nothing: "void"
    case .status: "deepidv_status"
    case .int32: "int32_t"
    case .uint32: "uint32_t"
    case .uint64: "uint64_t"
    case .descriptor: "int"
    case .text: "const char *"
    }
  }

  /// What the returned value means, unless it is a status.
  package var doc: String? {
    switch self {
    case .nothing, .status: nil
    case .int32(let doc, _), .uint32(let doc, _), .uint64(let doc), .descriptor(let doc),
      .text(let doc, _, _, _):
      doc
    }
  }

  /// What the returned number means.
  package var meaning: Meaning {
    switch self {
    case .int32(_, let meaning), .uint32(_, let meaning): meaning
    case .status: .constants("status")
    case .nothing, .uint64, .descriptor, .text: .any
    }
  }
}
