// What the generators of bindings rely on.

extension Interface {
  /// The macros of the header that are not constants of the table.
  package static let headerMacros = [
    "DEEPIDV_VERSION_TEXT", "DEEPIDV_VERSION_MAJOR", "DEEPIDV_VERSION_MINOR",
    "DEEPIDV_VERSION_PATCH", "DEEPIDV_ABI_MAJOR", "DEEPIDV_ABI_MINOR", "DEEPIDV_NTS",
  ]

  func bindingProblems() -> [String] {
    caseProblems() + groupNameProblems() + constants.flatMap(prefixProblems)
      + constants.flatMap(statusFactProblems) + functions.flatMap(valueProblems)
      + structures.flatMap(fieldProblems)
  }

  /// Ada, Pascal and Fortran do not distinguish upper and lower case.
  private func caseProblems() -> [String] {
    let names =
      constants.flatMap(\.constants).map(\.name) + Self.headerMacros + handles.map(\.name)
      + structures.map(\.name) + functions.map(\.name)
    return repeated(names.map { $0.lowercased() }).map {
      "\($0): two names differ only in upper and lower case"
    }
  }

  /// Without its prefix, a group's name becomes the name of a type, next to those of objects and structs.
  private func groupNameProblems() -> [String] {
    let types = (handles.map(\.name) + structures.map(\.name)).map { $0.dropFirst(8) }
    return constants.filter { types.contains($0.name[...]) }
      .map { "constants \($0.name): an object or a struct has this name" }
      + repeated(constants.map(\.name)).map { "constants \($0): the name is already used" }
  }

  private func prefixProblems(of group: ConstantGroup) -> [String] {
    group.constants.filter { !$0.name.hasPrefix(group.prefix) || $0.name == group.prefix }
      .map { "\($0.name): does not begin with \(group.prefix)" }
  }

  private func statusFactProblems(of group: ConstantGroup) -> [String] {
    group.constants.compactMap { constant in
      (constant.status == nil) == (group.kind == .statuses)
        ? "\(constant.name): statuses, and only they, are of a class" : nil
    }
  }

  private func valueProblems(of function: Function) -> [String] {
    let names = function.parameters.map(\.name)
    var problems = function.parameters.flatMap { parameter in
      (meaningProblems(parameter.meaning, parameter.doc) + lengthProblems(parameter, of: function)
        + nameProblems(parameter.name)).map { "\(parameter.name): \($0)" }
    }
    problems += meaningProblems(function.returns.meaning)
    if case .text(_, .object(let owner), _, _) = function.returns, !names.contains(owner) {
      problems.append("the text belongs to \(owner), which is no parameter")
    }
    if let submitted = function.submitOf,
      !functions.contains(where: { $0.name == submitted && $0.blocks })
    {
      problems.append("\(submitted) is no function that blocks")
    }
    let words = Set(statuses.filter { $0.status == .answer }.map(\.name))
    problems += function.answers
      .filter { !function.statuses.contains($0) || !words.contains("DEEPIDV_\($0)") }
      .map { "\($0) cannot be an answer" }
    return problems.map { "\(function.name): \($0)" }
  }

  private func fieldProblems(of structure: Structure) -> [String] {
    structure.fields.flatMap { field in
      (meaningProblems(field.meaning) + nameProblems(field.name))
        .map { "\(structure.name).\(field.name): \($0)" }
    }
  }

  /// The range of a parameter is in its text, too, for people.
  private func meaningProblems(_ meaning: Meaning, _ doc: String? = nil) -> [String] {
    switch meaning {
    case .any, .boolean: return []
    case .constants(let group):
      return constants.contains { $0.name == group } ? [] : ["there are no constants \(group)"]
    case .range(let range):
      // 0 may stand for a default, which the text explains.
      let first = max(range.lowerBound, 1).grouped
      guard let doc, !doc.contains("\(range.lowerBound.grouped) to \(range.upperBound.grouped)"),
        !doc.contains("\(first) to \(range.upperBound.grouped)")
      else { return [] }
      return ["its text does not name the range \(range)"]
    }
  }

  private func lengthProblems(_ parameter: Parameter, of function: Function) -> [String] {
    guard let other = parameter.lengthOf else { return [] }
    if case .text = function.returns, other == "return" { return [] }
    let hasBuffer = function.parameters.contains { other in
      if case .buffer = other.kind { return other.name == parameter.lengthOf }
      return false
    }
    return hasBuffer ? [] : ["it is the length of \(other), which is no buffer"]
  }

  private func nameProblems(_ name: String) -> [String] {
    Self.reservedWords.contains(name) ? ["the name is a reserved word of some languages"] : []
  }

  /// Reserved words of languages that call C: Ada, C++, C#, D, Go, Haskell, Java, JavaScript, Julia, Kotlin, Lua, Nim,
  /// OCaml, Pascal, Perl, PHP, Python, R, Ruby, Rust, Swift and Zig.
  private static let reservedWords: Set<String> = Set(
    """
    abort abs abstract accept access align alias aliased all allowzero and any array as asm assert at auto await base \
    become begin bind body bool boolean box break by byte case cast catch char class concept const constant constraint \
    constructor continue converter crate data declare decimal def default defer deferred define delay delegate delete \
    delta deriving destructor digits discard distinct div do done double downto dyn each elif else elseif elsif end \
    endif ensure entry enum errdefer error eval event except exception exit explicit export extends extern external \
    false file final finalization finally fixed float fn for foreach foreign forward from fun func function functor \
    generic get global go goto if impl implementation implements implicit import in include inherit inherited init \
    initialization inline inout instance instanceof int interface internal into is isnot iterator label lambda lazy \
    let library limited local lock long loop macro map match method mixin mod module move mut mutable namespace native \
    new next nil nonlocal not null object of on opaque open operator or others out overload override package parallel \
    params pass pragma private proc procedure program property protected protocol pub public quote raise range readonly \
    record redo ref register rem renames repeat require requeue rescue resume retry return reverse rule sealed select \
    self separate set shared shl short shr signed sizeof stackalloc static strictfp string struct sub subtype super \
    suspend switch synchronized tagged task template terminate test then this throw throws to trait transient true try \
    type typedef typename union unit unless unsafe unsigned until use uses using val var vararg virtual void volatile \
    when where while with xor yield
    """.split(separator: " ").map(String.init))
}

extension Int64 {
  /// With commas between thousands, as the texts have them.
  fileprivate var grouped: String { grouped(by: ",") }

  /// Its digits, in groups of three.
  package func grouped(by separator: String) -> String {
    let digits = String(magnitude)
    return digits.enumerated().reduce(into: self < 0 ? "-" : "") { text, digit in
      if digit.offset > 0, (digits.count - digit.offset) % 3 == 0 { text += separator }
      text.append(digit.element)
    }
  }
}
