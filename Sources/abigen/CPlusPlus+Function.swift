import ABI

/// One function in C++: its parameters, the call, and what it returns.
private struct Call {
  var parameters: [String] = []
  var locals: [String] = []
  var arguments: [String] = []
  /// Where the name of a refused field is written.
  var field: String?
  var buffer = false
  /// The type and the expression of what the call returns, apart from its status.
  var output: (type: String, value: String)?
  var event: String?
  var result: String?
}

extension CPlusPlus {
  /// A function of the namespace, or a method.
  func function(_ function: Function, _ interface: Interface, indent: String) -> [String] {
    let object = function.methodOf
    let call = self.call(function, skipsFirst: object != nil, interface)
    var name = String(function.name.dropFirst(8))
    if let object, function.name.hasPrefix(object + "_") {
      name = String(function.name.dropFirst(object.count + 1))
    }
    if name.hasPrefix("set_") { name = String(name.dropFirst(4)) }
    if ["int", "bool", "string"].contains(name) { name = "get_\(name)" }
    let (type, body) = returned(function, call, interface)
    let isConst = function.parameters.first.map { parameter in
      if case .constHandle = parameter.kind { return object != nil }
      return false
    }
    let prefix = object == nil ? "inline " : ""
    let head =
      "\(prefix)\(type)\(type.hasSuffix("&") ? "" : " ")\(name)(\(call.parameters.joined(separator: ", ")))"
      + (isConst == true ? " const" : "")
    let summary =
      Self.withoutNull(function.summary)
      + " See \(function.name)()."
    return CPlusPlus.comment(summary, indent: indent)
      + CPlusPlus.definition(head, body, indent: indent)
  }

  /// A summary of C, where an absent text is NULL.
  private static func withoutNull(_ summary: String) -> String {
    summary.replacing(", or NULL on success", with: ", if it has failed")
      .replacing(", or NULL", with: ", if there is one")
  }

  /// A function, on one line if it fits.
  static func definition(_ head: String, _ body: [String], indent: String) -> [String] {
    if body.count == 1, indent.count + head.count + body[0].count + 5 <= 100 {
      return ["\(indent)\(head) { \(body[0]) }"]
    }
    return broken(indent + head) + [indent + "{"] + body.flatMap { broken("\(indent)  \($0)") }
      + [indent + "}"]
  }

  /// A line, broken between the arguments of its first call if it is too long.
  private static func broken(_ line: String) -> [String] {
    guard line.count > 100, let open = line.firstIndex(of: "(") else { return [line] }
    let indent = String(line.prefix { $0 == " " }) + "    "
    var lines = [String(line[...open])]
    var rest = line[line.index(after: open)...]
    while let comma = rest.firstRange(of: ", ") {
      add(rest[..<comma.lowerBound] + ",")
      rest = rest[comma.upperBound...]
    }
    add(rest)
    return lines

    func add(_ argument: Substring) {
      let last = lines[lines.count - 1]
      if lines.count > 1, last.count + 1 + argument.count <= 100 {
        lines[lines.count - 1] = last + " " + argument
      } else {
        lines.append(indent + argument)
      }
    }
  }

  private func call(_ function: Function, skipsFirst: Bool, _ interface: Interface) -> Call {
    var call = Call()
    if skipsFirst { call.arguments.append("get()") }
    let last = function.parameters.last { $0.direction == .input }
    for parameter in function.parameters.dropFirst(skipsFirst ? 1 : 0) {
      add(parameter, isLast: parameter.name == last?.name, to: &call, interface)
    }
    return call
  }

  private func add(
    _ parameter: Parameter, isLast: Bool, to call: inout Call, _ interface: Interface
  ) {
    let name = parameter.name
    switch parameter.kind {
    case .int32, .uint32, .uint64:
      let type = number(parameter.kind.cNumber, parameter.meaning, interface)
      call.parameters.append("\(type) \(name)")
      call.arguments.append(
        type.hasPrefix("std::") ? name : "static_cast<\(parameter.kind.cNumber)>(\(name))")
    case .text:
      let isLast = parameter.optional && isLast
      call.parameters.append("const std::string &\(name)\(isLast ? " = std::string()" : "")")
      call.arguments += [
        parameter.optional ? "detail::or_null(\(name))" : "\(name).data()", "\(name).size()",
      ]
    case .buffer:
      call.buffer = true
      call.arguments += ["buffer", "capacity"]
    case .handle(let type), .constHandle(let type):
      call.parameters.append("const \(type.dropFirst(8)) &\(name)")
      call.arguments.append("\(name).get()")
    case .constStructure(let type):
      call.parameters.append("const \(type) &\(name)")
      call.arguments.append("&\(name)")
    case .inoutStructure(let type):
      call.parameters.append("\(type) &\(name)")
      call.arguments.append("&\(name)")
    case .structure(let type):
      call.locals.append("\(type) \(name) = \(type)();")
      call.arguments.append("&\(name)")
      if type == "deepidv_event" { call.event = name } else { call.output = (type, name) }
    case .outHandle(let type):
      call.locals.append("\(type) *\(name) = nullptr;")
      call.arguments.append("&\(name)")
      if type == "deepidv_result" {
        call.result = name
      } else {
        call.output = (String(type.dropFirst(8)), "\(type.dropFirst(8))(\(name))")
      }
    case .outText:
      call.locals.append("const char *\(name) = nullptr;")
      call.arguments.append("&\(name)")
      call.field = name
    case .outSize:
      if parameter.lengthOf == nil {
        call.arguments.append("nullptr")
      } else {
        if !call.buffer { call.locals.append("std::size_t length = 0;") }
        call.arguments.append(call.buffer ? "length" : "&length")
      }
    case .outInt32, .outInt64, .outUInt64:
      let type = parameter.kind.cNumber
      call.locals.append("\(type) \(name) = 0;")
      call.arguments.append("&\(name)")
      let isBoolean = parameter.meaning == .boolean
      call.output = isBoolean ? ("bool", "\(name) != 0") : ("std::\(type)", name)
    }
  }

  /// The C++ type of a number.
  private func number(_ type: String, _ meaning: Meaning, _ interface: Interface) -> String {
    switch meaning {
    case .boolean: return "bool"
    case .constants(let name):
      let group = interface.constants.first { $0.name == name }
      return group?.kind == .flags ? "std::\(type)" : "deepidv::\(name)"
    case .any, .range: return type == "int" ? type : "std::\(type)"
    }
  }

  /// The C++ type of a function, and the lines of its body.
  private func returned(_ function: Function, _ call: Call, _ interface: Interface) -> (
    String, [String]
  ) {
    let expression = "\(function.name)(\(call.arguments.joined(separator: ", ")))"
    switch function.returns {
    case .status where function.returnsData:
      return ("deepidv::status", ["return static_cast<deepidv::status>(\(expression));"])
    case .status: return status(function, call, expression)
    case .text(_, _, _, let nullable):
      let type = nullable ? "optional<std::string>" : "std::string"
      guard nullable else { return (type, ["return \(expression);"]) }
      let length = call.locals.isEmpty ? "0" : "length"
      return (
        type,
        call.locals + [
          "const char *text = \(expression);", "return detail::text(text, \(length));",
        ]
      )
    case .nothing: return ("void", call.locals + ["\(expression);"])
    case .int32, .uint32, .uint64, .descriptor:
      let type = number(function.returns.cType, function.returns.meaning, interface)
      let value =
        type == "bool"
        ? "\(expression) != 0"
        : type.hasPrefix("deepidv::") ? "static_cast<\(type)>(\(expression))" : expression
      return (type, call.locals + ["return \(value);"])
    }
  }

  private func status(_ function: Function, _ call: Call, _ expression: String) -> (
    String, [String]
  ) {
    let answers = function.answers.map { "DEEPIDV_\($0)" }.joined(separator: ", ")
    let list = answers.isEmpty ? "" : ", {\(answers)}"
    let code = "const deepidv_status code = \(expression);"
    let room = "std::shared_ptr<deepidv::result> room = detail::room();"
    if call.buffer {
      let lambda = [
        "std::string text;",
        "const auto write = [&](char *buffer, std::size_t capacity, std::size_t *length) {",
        "  return \(expression);", "};",
        "const deepidv_status code = detail::fill(text, write);",
      ]
      return answers.isEmpty
        ? ("std::string", lambda + ["detail::require_ok(code);", "return text;"])
        : (
          "answer<std::string>",
          lambda + ["return detail::answered(code, std::move(text)\(list));"]
        )
    }
    if let event = call.event, let result = call.result {
      return (
        "completion",
        call.locals + [
          room, code, "return completion(code, \(event), \(result), std::move(room)\(list));",
        ]
      )
    }
    if let result = call.result {
      return (
        "result",
        call.locals + [
          room, code, "return detail::finished(code, \(result), std::move(room)\(list));",
        ]
      )
    }
    if let output = call.output {
      return answers.isEmpty
        ? (
          output.type,
          call.locals + ["detail::require_ok(\(expression));", "return \(output.value);"]
        )
        : (
          "answer<\(output.type)>",
          call.locals + [code, "return detail::answered(code, \(output.value)\(list));"]
        )
    }
    if !answers.isEmpty {
      return ("deepidv::status", [code, "return detail::answered(code, 0\(list)).code;"])
    }
    // The field is read after the call: C++ does not say which argument it evaluates first.
    let check = call.field.map { [code, "detail::require_ok(code, \($0));"] }
    let lines = call.locals + (check ?? ["detail::require_ok(\(expression));"])
    if let object = function.methodOf, function.threads == .exclusive {
      return ("\(object.dropFirst(8)) &", lines + ["return *this;"])
    }
    return ("void", lines)
  }
}

extension Parameter.Kind {
  /// The C type of a number, or of the number that it points to.
  fileprivate var cNumber: String {
    switch self {
    case .int32, .outInt32: "int32_t"
    case .uint32: "uint32_t"
    case .outInt64: "int64_t"
    case .uint64, .outUInt64: "uint64_t"
    default: ""
    }
  }
}
