import ABI

/// Prints include/deepidv.hpp: the interface for C++, header only, over deepidv.h.
///
/// Names are those of C without the prefix: a function becomes a method of its object.
struct CPlusPlus: Printer {
  let path = "include/deepidv.hpp"

  func print(_ interface: Interface) -> String {
    var sections = [opening(interface), Self.includes, ["namespace deepidv {"]]
    sections.append(Self.divider("Constants"))
    sections += interface.constants.filter { $0.kind != .sizes }.map(group)
    sections.append(repeats(interface))
    sections.append(Self.divider("Values"))
    sections.append(Self.values)
    sections += [Self.divider("Errors"), Self.errorBase]
    sections += Self.errorKinds.map(errorClass)
    sections += [
      Self.outcomeError, Self.divider("Details of this header"), Self.handle, raise(interface),
    ]
    sections += [Self.helpers, Self.divider("Objects")]
    for handle in ordered(interface) {
      sections.append(object(handle, interface))
      if handle.name == "deepidv_result" { sections += [Self.finished, Self.completion] }
    }
    sections.append(Self.divider("Functions"))
    let free = interface.functions.filter { $0.methodOf == nil && !isConstructor($0) }
    sections += free.map { function($0, interface, indent: "") }
    sections += [["}  // namespace deepidv"], ["#endif  // DEEPIDV_HPP"]]
    return sections.joined(separator: [""]).file
  }

  /// The objects, each after those that its methods take and return.
  private func ordered(_ interface: Interface) -> [Handle] {
    var done: [Handle] = []
    func add(_ handle: Handle) {
      guard !done.contains(where: { $0.name == handle.name }) else { return }
      let own = interface.functions.filter { $0.methodOf == handle.name || creates(handle, $0) }
      let used = own.flatMap(\.parameters).compactMap { $0.handle ?? $0.newHandle }
      for other in interface.handles where used.contains(other.name) && other.name != handle.name {
        add(other)
      }
      done.append(handle)
    }
    interface.handles.forEach(add)
    return done
  }

  private func creates(_ handle: Handle, _ function: Function) -> Bool {
    function.name == "\(handle.name)_new"
  }

  private func isConstructor(_ function: Function) -> Bool { function.name.hasSuffix("_new") }

  // MARK: Constants

  private func group(_ group: ConstantGroup) -> [String] {
    let names = group.constants.map { Self.constant($0, of: group) }
    let comments = Self.comment(group.doc)
    if group.kind == .flags {
      return comments + ["namespace \(group.name) {"]
        + zip(names, group.constants).flatMap { name, constant in
          Self.comment(constant.doc) + ["constexpr std::uint32_t \(name) = \(constant.value);"]
        } + ["}  // namespace \(group.name)"]
    }
    return comments + ["enum class \(group.name) : std::int32_t {"]
      + zip(names, group.constants).flatMap { name, constant in
        Self.comment(constant.doc, indent: "  ") + ["  \(name) = \(constant.value),"]
      } + ["};"]
  }

  /// The name of a constant without its prefix, in small letters.
  private static func constant(_ constant: Constant, of group: ConstantGroup) -> String {
    var name = constant.name.dropFirst(group.prefix.count)
    if group.kind == .statuses && name.hasPrefix("E_") { name = name.dropFirst(2) }
    return name.lowercased()
  }

  private func repeats(_ interface: Interface) -> [String] {
    let words: [(Repeat, String)] = [(.safe, "safe"), (.never, "never")]
    let cases = words.flatMap { word, name in
      interface.statuses.filter { $0.repeats == word }.map { "    case \($0.name):" }
        + ["      return repeat::\(name);"]
    }
    return Self.repeatEnumeration + [
      "/** Returns whether a create that ended with this status may be sent again. */",
      "inline repeat repeats(status code) noexcept", "{",
      "  switch (static_cast<deepidv_status>(code)) {",
    ] + cases + ["    default:", "      return repeat::unspecified;", "  }", "}"]
  }

  // MARK: Errors

  private func errorClass(_ kind: ErrorKind) -> [String] {
    [
      "/** \(kind.doc) */", "class \(kind.name) : public error {", " public:",
      "  using error::error;",
    ] + kind.members + ["};"]
  }

  private func raise(_ interface: Interface) -> [String] {
    var lines = [
      "/* Throws the exception for a status. */",
      "[[noreturn]] inline void raise(deepidv_status code, const char *field = nullptr,",
      "    std::shared_ptr<const result> details = nullptr)", "{",
      "  const auto number = static_cast<status>(code);", "  switch (code) {",
    ]
    for kind in Self.errorKinds + [Self.outcome] {
      let codes = interface.statuses.filter { Self.thrown($0) == kind.status }
      lines += codes.map { "    case \($0.name):" }
      lines.append("      throw \(kind.name)(number, field, std::move(details));")
    }
    return lines + [
      "    default:", "      throw error(number, field, std::move(details));", "  }",
      "}",
    ]
  }

  /// The kind of exception for a status; an answer is thrown only by a function that does not ask for it.
  private static func thrown(_ constant: Constant) -> StatusKind? {
    guard constant.status == .answer else { return constant.status }
    switch constant.name {
    case "DEEPIDV_E_CLOSED", "DEEPIDV_E_EMPTY": return .client
    case "DEEPIDV_E_TIMEOUT": return .network
    default: return .argument
    }
  }

  // MARK: Objects

  private func object(_ handle: Handle, _ interface: Interface) -> [String] {
    let name = String(handle.name.dropFirst(8))
    var lines = Self.comment(handle.doc)
    lines += [
      "class \(name) : public detail::handle<\(handle.name), \(handle.free)> {", " public:",
    ]
    lines += ["  /** Takes over an object of C; it may be NULL. */"]
    lines += ["  explicit \(name)(\(handle.name) *owned) noexcept : handle(owned) {}"]
    if let creator = interface.functions.first(where: { creates(handle, $0) }) {
      lines += [""] + constructor(name, creator)
    }
    if name == "config" { lines += [""] + Self.configByName }
    if name == "result" { lines += [""] + Self.resultMembers }
    let methods = interface.functions.filter {
      $0.methodOf == handle.name && $0.name != handle.free && !isConstructor($0)
    }
    for method in methods { lines += [""] + function(method, interface, indent: "  ") }
    if name == "result" { lines += [""] + Self.resultRoom }
    return lines + ["};"]
  }

  private func constructor(_ name: String, _ creator: Function) -> [String] {
    let input = creator.parameters.first?.handle.map { String($0.dropFirst(8)) }
    let parameter = input.map { "const \($0) &from" } ?? ""
    let arguments = (input == nil ? [] : ["from.get()"]) + ["&pointer_"]
    let head = "\(input == nil ? "" : "explicit ")\(name)(\(parameter))"
    let body = "detail::require_ok(\(creator.name)(\(arguments.joined(separator: ", "))));"
    return Self.comment(creator.summary, indent: "  ")
      + Self.definition(head, [body], indent: "  ")
  }
}
