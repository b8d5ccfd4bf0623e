import ABI

/// Prints bindings/python/deepidv/_abi_version.py: the part of the interface that `import deepidv` needs.
///
/// The rest is imported at the first use, since it takes much of the time and memory.
struct PythonVersion: Printer {
  let path = "bindings/python/deepidv/_abi_version.py"

  func print(_ interface: Interface) -> String {
    let head = [
      "# \(generatedNotice)",
      "\"\"\"The version of the C interface, and the check that a library has it.\"\"\"", "",
      "from __future__ import annotations", "", "import ctypes", "",
      "# As in typing, whose import takes longer than all of this.",
      "TYPE_CHECKING = False", "if TYPE_CHECKING:", "    from typing import Final", "",
      "DEEPIDV_VERSION_TEXT: Final = \"\(interface.version.text)\"",
      "DEEPIDV_ABI_MAJOR: Final = \(interface.abi.major)",
      "DEEPIDV_ABI_MINOR: Final = \(interface.abi.minor)",
    ]
    return (head + PythonVersion.check).file
  }

  private static let check = #"""
    NEEDED: Final = f"ABI {DEEPIDV_ABI_MAJOR}.{DEEPIDV_ABI_MINOR} of libdeepidv is needed"


    def check_version(library: ctypes.CDLL) -> None:
        """Raise ImportError if a library is not libdeepidv, or has another version of the interface."""
        name = library._name
        try:
            version = library.deepidv_abi_version
        except AttributeError:
            raise ImportError(f"{name} is not libdeepidv") from None
        version.restype = ctypes.c_uint32
        version.argtypes = ()
        major, minor = divmod(version(), 65536)
        if major != DEEPIDV_ABI_MAJOR or minor < DEEPIDV_ABI_MINOR:
            raise ImportError(f"{NEEDED}, but {name} has {major}.{minor}")
    """#.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}
