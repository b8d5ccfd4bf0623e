// What values mean beyond their C types, for the authors of bindings.

/// What an integer may be.
package enum Meaning: Sendable, Equatable {
  /// Any number of its type.
  case any
  case range(ClosedRange<Int64>)
  /// 0 for no, 1 for yes.
  case boolean
  /// One of the constants of the group with this name, or a combination of its bits.
  case constants(String)
}

/// The encoding of a text.
package enum TextEncoding: String, Sendable {
  case utf8
  case ascii
  /// Any bytes; the length tells where they end.
  case bytes
}

/// How long a text that a function returns stays valid.
package enum Lifetime: Sendable, Equatable {
  /// As long as the library is loaded.
  case constant
  /// As long as the object that is passed as this parameter.
  case object(String)

  /// The name of the parameter, or `static`.
  package var word: String {
    switch self {
    case .constant: "static"
    case .object(let parameter): parameter
    }
  }
}

/// What kind of failure a status is, so that a binding can choose an exception.
package enum StatusKind: String, Sendable {
  case success
  /// An argument is wrong: an error in the program, or a value that its user entered.
  case argument
  /// The machine, or the libcurl that is loaded, lacks something.
  case system
  /// An answer to the question, such as "there is none": not an exception in most languages.
  case answer
  /// The client or the operation is not in a state to do this.
  case client
  /// A redirect's state or a webhook cannot be trusted.
  case untrusted
  /// How a request ended that changes something at the service.
  case outcome
  /// The service refused the request.
  case service
  /// Why no usable response came: the status of a lookup, or the cause of an outcome.
  case network
}

/// Whether a create that ended with a status may be sent again by the program.
package enum Repeat: String, Sendable {
  /// It was not executed: it may be sent again as it is.
  case safe
  /// It may have been executed: sending it again may create a second session.
  case never
}

/// An option of a client, apart from the value's range, which the parameter of its setter has.
package struct Option: Sendable {
  package enum Standard: Sendable {
    case required
    /// The value, as `deepidv_config_set()` takes it, and a note about it.
    case value(String, note: String = "")
    /// No value, and what happens then.
    case unset(String)
  }

  package var key: String
  package var standard: Standard

  /// The environment variable that `deepidv_config_from_env()` reads.
  package var variable: String { "DEEPIDV_\(key.uppercased())" }
  /// The end of the setter's summary.
  package var sentences: String {
    switch standard {
    case .required: "Key: \(key). Required."
    case .value(let value, let note): "Key: \(key). Default: \(value)\(note)."
    case .unset(let text): "Key: \(key). Default: \(text)."
    }
  }
}

/// A field of a Create Session request, apart from the value's range, which the parameter of its setter has.
package struct RequestField: Sendable {
  package var name: String
  package var required: Bool

  /// Its other name in JSON.
  package var alias: String {
    let words = name.split(separator: "_")
    return words.dropFirst().reduce(String(words[0])) { $0 + $1.capitalized }
  }
}

extension Substring {
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
