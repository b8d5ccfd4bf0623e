"""Adds libdeepidv to the wheel, and tags the wheel with its platform.

The library is the one in DEEPIDV_LIBRARY, or the one that ``make build`` built. Without either,
the wheel is pure Python and loads the system's library.

The tag is ``manylinux_2_X``, where 2.X is the newest glibc whose symbols the library uses, so pip
rejects the wheel on older systems. The wheel excludes libcurl, as ``auditwheel repair --exclude
libcurl.so.4`` would: a copy would contain its own TLS and get no security updates. So the wheel
also needs the system's libcurl (Debian: libcurl4); without it the import fails with a message.
"""

import os
import re
import struct
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# e_machine of the ELF header, by Python's name for it.
MACHINES = {62: "x86_64", 183: "aarch64", 243: "riscv64"}


class Library(BuildHookInterface):
    """Adds the library, if there is one."""

    PLUGIN_NAME = "custom"

    def initialize(self, version, build_data):
        """Add the library to a wheel, except to an editable one."""
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
    """Return the library to add, or None."""
    named = os.environ.get("DEEPIDV_LIBRARY")
    if named is not None:
        # Set but empty: build a wheel without the library.
        return Path(named).resolve(strict=True) if named else None
    # Only in the checkout: the folders above an unpacked sdist are not ours.
    checkout = root.parent.parent
    built = checkout / ".build-lib" / "libdeepidv.so"
    is_ours = (checkout / "Package.swift").is_file() and (checkout / "include" / "deepidv.h").is_file()
    return built.resolve() if is_ours and built.exists() else None


def platform(elf):
    """Return the manylinux tag of an ELF file."""
    machine = MACHINES[struct.unpack_from("<H", elf, 18)[0]]
    needed = {tuple(map(int, found)) for found in re.findall(rb"\0GLIBC_(\d+)\.(\d+)(?:\.\d+)?(?=\0)", elf)}
    major, minor = max(needed)
    return f"manylinux_{major}_{minor}_{machine}"
