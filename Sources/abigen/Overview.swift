import ABI

/// Prints man/deepidv.7: the first page of the manual.
struct Overview: Printer {
  let path = "man/deepidv.7"

  func print(_ interface: Interface) -> String {
    var lines = Manual.opening("deepidv", section: 7, interface.version)
    lines += [".Sh NAME", ".Nm deepidv", ".Nd identity verification sessions from C"]
    lines += [
      ".Sh SYNOPSIS", ".In deepidv.h", ".Bd -literal",
      "cc program.c $(pkg-config \\-\\-cflags \\-\\-libs deepidv)", ".Ed",
    ]
    lines += [".Sh DESCRIPTION"] + prose(Header.purpose)
    lines += pages(interface)
    for paragraph in interface.conventions {
      lines += [".Ss \(paragraph.title)"] + prose(paragraph.text)
    }
    lines += objects(interface)
    if let statuses = interface.constants.first(where: { $0.name == "status" }) {
      lines += [".Ss Statuses"] + prose(statuses.doc) + [".Pp"]
      lines += Manual.constants(statuses.constants)
    }
    lines += [".Sh EXAMPLES", "Create one session; the program provides key and json:"]
    lines += [".Bd -literal -offset indent"] + Header.example.map(Manual.escaped) + [".Ed"]
    lines += Manual.references(interface, without: path, [])
    return lines.file
  }

  private func prose(_ text: String) -> [String] { Manual.prose(text, here: []) }

  /// The pages of the functions, by topic.
  private func pages(_ interface: Interface) -> [String] {
    [".Pp", "The functions, by topic:", ".Pp"]
      + Manual.list(
        interface.families.map { family in
          ("Xr \(ManualPage(family).name) 3", prose(family.title + "."))
        }, widest: "deepidv_session_request(3)xx")
  }

  private func objects(_ interface: Interface) -> [String] {
    [".Ss Objects"]
      + Manual.list(
        interface.handles.map { ("Vt \($0.name)", prose($0.doc)) },
        widest: "deepidv_session_requestxx")
  }
}
