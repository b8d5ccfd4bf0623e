"""Puts libdeepidv into the wheel, and says in the wheel's name where it runs.

The library is the one that DEEPIDV_LIBRARY names, or the one that ``make build`` made. With
neither the wheel is plain Python, and looks for the system's library when it is imported.

The tag is ``manylinux_2_X``: the newest glibc that the library has a symbol of, so that pip
refuses the wheel where that is too old. libcurl is left out of the wheel, as of ``auditwheel
repair --exclude libcurl.so.4``: a copy would bring its own TLS, and nobody's security updates
would reach it. So beyond what the tag says, the system's libcurl is needed (Debian: libcurl4);
the import says so where there is none.
"""

import os
import re
import struct
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# e_machine of the ELF header, by Python's name for it.
MACHINES = {62: "x86_64", 183: "aarch64"}


class Library(BuildHookInterface):
    """Adds one file, if there is one."""

    PLUGIN_NAME = "custom"

    def initialize(self, version, build_data):
        """Add the library to a wheel that is to be installed elsewhere."""
        if self.target_name != "wheel" or version == "editable":
            return
        library = find(Path(self.root))
        if library is None:
            return
        major = re.search(r"DEEPIDV_ABI_MAJOR: Final = (\d+)", abi(self.root))
        build_data["force_include"][str(library)] = f"deepidv/libdeepidv.so.{major.group(1)}"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform(library.read_bytes())}"


def abi(root):
    """Read the generated declarations."""
    return Path(root, "deepidv", "_abi.py").read_text(encoding="utf-8")


def find(root):
    """Say which library belongs into the wheel, or None."""
    named = os.environ.get("DEEPIDV_LIBRARY")
    if named is not None:
        # Set but empty: a wheel without one.
        return Path(named).resolve(strict=True) if named else None
    # Only in the checkout: what lies two folders above an unpacked archive is anybody's.
    checkout = root.parent.parent
    built = checkout / ".build-lib" / "libdeepidv.so"
    is_ours = (checkout / "Package.swift").is_file() and (checkout / "include" / "deepidv.h").is_file()
    return built.resolve() if is_ours and built.exists() else None


def platform(elf):
    """Say on which systems an ELF file can be loaded, as far as glibc goes."""
    machine = MACHINES[struct.unpack_from("<H", elf, 18)[0]]
    needed = {tuple(map(int, found)) for found in re.findall(rb"\0GLIBC_(\d+)\.(\d+)(?:\.\d+)?(?=\0)", elf)}
    major, minor = max(needed)
    return f"manylinux_{major}_{minor}_{machine}"
