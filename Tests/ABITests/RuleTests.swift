import Testing

@testable import ABI

/// A change that breaks a table, and the error that the rules must report.
struct Breakage: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var complaint: String
  var spoil: @Sendable (inout Interface) -> Void

  init(
    _ description: String, _ complaint: String,
    _ spoil: @escaping @Sendable (inout Interface) -> Void
  ) {
    testDescription = description
    self.complaint = complaint
    self.spoil = spoil
  }
}

extension Interface {
  /// Changes one function.
  mutating func change(_ name: String, _ change: (inout Function) -> Void) {
    for family in families.indices {
      for index in families[family].functions.indices
      where families[family].functions[index].name == name {
        change(&families[family].functions[index])
      }
    }
  }

  /// Removes functions.
  mutating func remove(_ name: String) {
    for family in families.indices { families[family].functions.removeAll { $0.name == name } }
  }
}

@Suite("The rules of the table")
struct RuleTests {
  @Test func `the current table has no problems`() {
    #expect(Interface.current.problems() == [])
  }

  @Test(
    arguments: documentation + groups + statuses + parameters + names + constants + structures
      + bindings + prose)
  func `a broken table is refused`(_ breakage: Breakage) {
    var table = Interface.current
    breakage.spoil(&table)
    let problems = table.problems()
    #expect(problems.contains { $0.contains(breakage.complaint) }, "\(problems)")
  }

  static let documentation = [
    Breakage("no summary", "deepidv_version: the summary is not a sentence") {
      $0.change("deepidv_version") { $0.summary = "" }
    },
    Breakage("a summary without its full stop", "deepidv_version: the summary is not a sentence") {
      $0.change("deepidv_version") { $0.summary = "Returns the version" }
    },
    Breakage("a discussion without its full stop", "the discussion does not end") {
      $0.change("deepidv_client_fd") { $0.discussion = "For poll" }
    },
    Breakage("a parameter without a text", "config: the text is missing") {
      $0.change("deepidv_config_set") { $0.parameters[0].doc = "" }
    },
    Breakage("a returned text without a text", "the text of the returned value is missing") {
      $0.change("deepidv_version") { $0.returns = .text("", .constant) }
    },
    Breakage("a part of the contract without a name", "the section of the contract is empty") {
      $0.change("deepidv_version") { $0.source = "" }
    },
    Breakage("a version that is not out yet", "since 0.2 is not a version") {
      $0.change("deepidv_version") { $0.since = "0.2" }
    },
    Breakage("a version that never was", "since 0.0 is not a version") {
      $0.change("deepidv_version") { $0.since = "0.0" }
    },
  ]

  static let groups = [
    Breakage("an object without a text", "deepidv_config: its text is not a sentence") {
      $0.handles[0].doc = ""
    },
    Breakage("constants without a title", "constants status: title or text is missing") {
      $0.constants[0].title = ""
    },
    Breakage("constants without a text", "constants status: title or text is missing") {
      $0.constants[0].doc = ""
    },
    Breakage("a struct without a text", "deepidv_span: its text is not a sentence") {
      $0.structures[0].doc = ""
    },
    Breakage("functions without a text", "functions Client: title, text or functions are") {
      $0.families[3].doc = ""
    },
  ]

  static let statuses = [
    Breakage("a status that is not there", "there is no status E_NOSUCH") {
      $0.change("deepidv_config_new") { $0.statuses.append("E_NOSUCH") }
    },
    Breakage("a status twice", "the status E_NULL is listed twice") {
      $0.change("deepidv_config_new") { $0.statuses.append("E_NULL") }
    },
    Breakage("OK among the statuses", "OK must not be listed") {
      $0.change("deepidv_config_new") { $0.statuses.append("OK") }
    },
    Breakage("a status and none listed", "returns a status but lists none") {
      $0.change("deepidv_config_new") { $0.statuses = [] }
    },
    Breakage("statuses of a function that returns none", "lists statuses but does not return one") {
      $0.change("deepidv_version") { $0.statuses = ["E_NULL"] }
    },
    Breakage("a status that nothing returns", "DEEPIDV_E_PHONE: no function returns it") {
      for name in ["phone", "json"] {
        $0.change("deepidv_session_request_set_\(name)") { $0.statuses = ["E_NULL"] }
      }
    },
  ]

  static let parameters = [
    Breakage("the wrong free", "deepidv_result_free does not free a deepidv_config") {
      $0.change("deepidv_config_new") {
        $0.parameters[0].ownership = .owned(free: "deepidv_result_free")
      }
    },
    Breakage("a new object that nobody owns", "out_config: it cannot be borrowed") {
      $0.change("deepidv_config_new") { $0.parameters[0].ownership = .borrowed }
    },
    Breakage("an option without a limit", "config_set_api_key: key: it has no limit") {
      $0.change("deepidv_config_set_api_key") { $0.parameters[1].limit = nil }
    },
    Breakage("a field without a limit", "set_expires_in_hours: hours: it has no limit") {
      $0.change("deepidv_session_request_set_expires_in_hours") {
        $0.parameters[1].meaning = .any
      }
    },
    Breakage("a text that is consumed", "name: it cannot be consumed") {
      $0.change("deepidv_config_set") { $0.parameters[1].ownership = .consumed }
    },
    Breakage("a number that is borrowed", "index: it cannot be borrowed") {
      $0.change("deepidv_config_key") { $0.parameters[0].ownership = .borrowed }
    },
    Breakage("a number that may be NULL", "index: a number cannot be NULL") {
      $0.change("deepidv_config_key") { $0.parameters[0].optional = true }
    },
    Breakage("an object that is not there", "there is no object deepidv_thing") {
      $0.change("deepidv_client_close") { $0.parameters[0].kind = .handle("deepidv_thing") }
    },
    Breakage("a struct that is not there", "there is no struct deepidv_thing") {
      $0.change("deepidv_redirect_parse") { $0.parameters[1].kind = .structure("deepidv_thing") }
    },
    Breakage("a parameter twice", "the parameter name_len occurs twice") {
      $0.change("deepidv_config_set") { $0.parameters[2].name = "name" }
    },
  ]

  static let names = [
    Breakage("a function twice", "deepidv_version: the name is already used") {
      $0.families[1].functions.append($0.families[0].functions[0])
    },
    Breakage("a name without the prefix", "version: must begin with deepidv_") {
      $0.change("deepidv_version") { $0.name = "version" }
    },
    Breakage("a name in capitals", "deepidv_Version: must begin with deepidv_") {
      $0.change("deepidv_version") { $0.name = "deepidv_Version" }
    },
    Breakage("a constant without the prefix", "OK: must begin with DEEPIDV_") {
      $0.constants[0].constants[0].name = "OK"
    },
    Breakage("an object without its free", "deepidv_config: there is no deepidv_config_free") {
      $0.remove("deepidv_config_free")
    },
    Breakage("a free that does not take NULL", "deepidv_config_free: must consume") {
      $0.change("deepidv_config_free") { $0.parameters[0].optional = false }
    },
  ]

  static let constants = [
    Breakage("a value twice", "DEEPIDV_E_LENGTH: the value 1 is already used") {
      $0.constants[0].constants[2].value = 1
    },
    Breakage("a value of more than 32 bits", "does not fit 32 bits") {
      $0.constants[0].constants[2].value = 1 << 31
    },
    Breakage("a word twice", "the word success is already used") {
      $0.constants[2].constants[3].word = "success"
    },
    Breakage("a constant without a text", "DEEPIDV_OK: its text is not a sentence") {
      $0.constants[0].constants[0].doc = ""
    },
  ]

  static let structures = [
    Breakage("padding inside", "deepidv_redirect: 4 bytes of hidden padding") {
      $0.structures[1].fields[1].type = .uint64
    },
    Breakage("padding at the end", "deepidv_event: 4 bytes of hidden padding") {
      $0.structures[4].fields.append(Field(name: "more", type: .uint32, doc: "more"))
    },
    Breakage("a member of its own type", "the type of a member is not declared before it") {
      $0.structures[0].fields[0].type = .structure("deepidv_span")
    },
    Breakage("a member twice", "deepidv_span.offset: the name is already used") {
      $0.structures[0].fields[1].name = "offset"
    },
    Breakage("a member without a text", "deepidv_span.offset: it has no text") {
      $0.structures[0].fields[0].doc = ""
    },
    Breakage("a text in front of less than a pointer", "deepidv_event: 4 bytes of hidden padding") {
      $0.structures[4].fields[3].type = .text
    },
    Breakage(
      "a member named like a text's length", "deepidv_session.id_len: the name is already used"
    ) {
      $0.structures[5].fields[1].name = "id_len"
    },
    Breakage(
      "a text in a struct that is read from nothing",
      "out_session: its texts do not belong to an object"
    ) {
      $0.change("deepidv_result_session") { $0.parameters.removeFirst() }
    },
    Breakage("an empty struct", "deepidv_span: it is empty") { $0.structures[0].fields = [] },
  ]

  static let bindings = [
    Breakage("names that differ only in case", "deepidv_version: two names differ only in") {
      $0.constants[0].constants[1].name = "DEEPIDV_VERSION"
    },
    Breakage("constants named like a struct", "constants redirect: an object or a struct has") {
      $0.constants[2].name = "redirect"
    },
    Breakage("constants twice", "constants has: the name is already used") {
      $0.constants[2].name = "has"
    },
    Breakage("a constant without its group's prefix", "does not begin with DEEPIDV_HAS_") {
      $0.constants[1].constants[0].name = "DEEPIDV_SESSION_ID"
    },
    Breakage("a status without a class", "DEEPIDV_OK: statuses, and only they, are of a class") {
      $0.constants[0].constants[0].status = nil
    },
    Breakage("a reserved word", "next: the name is a reserved word") {
      $0.change("deepidv_config_key") { $0.parameters[0].name = "next" }
    },
    Breakage("a reserved word in a struct", "deepidv_span.end: the name is a reserved word") {
      $0.structures[0].fields[1].name = "end"
    },
    Breakage("constants that are not there", "there are no constants thing") {
      $0.structures[0].fields[0].meaning = .constants("thing")
    },
    Breakage("a range that the text does not name", "its text does not name the range 1...7") {
      $0.change("deepidv_config_set_settle_ms") { $0.parameters[1].meaning = .range(1...7) }
    },
    Breakage("a text of an object that is not passed", "the text belongs to thing, which is no") {
      $0.change("deepidv_result_message") { $0.returns = .text("a text", .object("thing")) }
    },
    Breakage("the length of nothing", "it is the length of thing, which is no buffer") {
      $0.change("deepidv_state_new") { $0.parameters[4].lengthOf = "thing" }
    },
    Breakage("a submission of nothing", "deepidv_version is no function that blocks") {
      $0.change("deepidv_session_list_submit") { $0.submitOf = "deepidv_version" }
    },
  ]

  static let prose = [
    Breakage("the end of a comment", "\"*/\" in its text") {
      $0.change("deepidv_version") { $0.discussion = "A glob, as in lib*/so." }
    },
    Breakage("a character beyond ASCII", "a character outside printable ASCII") {
      $0.change("deepidv_version") { $0.discussion = "Na\u{ef}ve." }
    },
    Breakage("two spaces", "\"  \" in its text") {
      $0.change("deepidv_version") { $0.discussion = "Two  spaces." }
    },
    Breakage("a space at an end", "a space at an end") {
      $0.change("deepidv_version") { $0.discussion = " Too far." }
    },
    Breakage("a function that is not there", "mentions deepidv_result_fee(), which does not exist")
    {
      $0.change("deepidv_version") { $0.discussion = "See deepidv_result_fee()." }
    },
    Breakage("a constant that is not there", "mentions DEEPIDV_E_FEE, which does not exist") {
      $0.conventions[0].text += " (DEEPIDV_E_FEE)."
    },
  ]
}
