import Foundation

/// A value in the request body.
///
/// Not read by `JSONSerialization`, which makes `1` and `true` the same number on some platforms.
enum JSONScalar: Equatable, Sendable, Decodable {
  case null
  case bool(Bool)
  case integer(Int)
  case string(String)
  /// A fraction, an array, an object or an invalid string, which no field accepts.
  case other

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    // Strings first: most values are, and each wrong guess costs as much as the whole of a string.
    if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else {
      self = .other
    }
  }
}

/// The members of a JSON object that are fields of the request; others are ignored.
struct BodyMembers: Decodable {
  private(set) var values: [String: JSONScalar] = [:]

  init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: Name.self)
    for name in object.allKeys where BodyMembers.spellings.contains(name.stringValue) {
      values[name.stringValue] = try object.decode(JSONScalar.self, forKey: name)
    }
  }

  private static let spellings = Set(Field.all.flatMap { [$0.name, $0.alias] })

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
