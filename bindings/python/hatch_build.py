"""Adds libdeepidv to the wheel, and tags the wheel with its platform. Adds its sources to the sdist.

The library is the one in DEEPIDV_LIBRARY, or the one in the sources beside the package, which is built
first if necessary: in the checkout, or in the unpacked sdist. With DEEPIDV_LIBRARY set to an empty text,
the wheel is pure Python and loads the system's library.

The tag is ``manylinux_2_X``, where 2.X is the newest glibc whose symbols the library uses, so pip
rejects the wheel on older systems; or ``musllinux_1_2`` for the library of ``make musl``. The wheel
excludes libcurl, as ``auditwheel repair --exclude libcurl.so.4`` would: a copy would contain its own
TLS and get no security updates. So the wheel also needs the system's libcurl (Debian: libcurl4);
without it the import fails with a message.
"""

import os
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# e_machine of the ELF header, by Python's name for it.
MACHINES = {62: "x86_64", 183: "aarch64", 243: "riscv64"}
# What `make library` needs of the checkout. SwiftPM also wants the folders of its other targets.
SOURCES = (
    "Makefile", "Package.swift", "Sources", "Tests/ABITests", "Tests/DeepIDVCoreTests",
    "Tests/http/check", "Tests/jsoncheck", "deepidv.map", "include", "scripts/archive", "scripts/ld",
    "scripts/swift-symbols", "scripts/swift-tools",
)  # fmt: skip
# The folder of the sources in an sdist.
BUNDLED = "libdeepidv"
PROGRAMS = {
    "swift": "the Swift toolchain (6.3 or later, https://www.swift.org/install/linux/)",
    "make": "make",
    "strip": "binutils",
    "pkg-config": "pkg-config",
}
LIBRARIES = {"libcurl": "the development files of libcurl", "openssl": "the development files of OpenSSL"}


class Library(BuildHookInterface):
    """Adds the library to a wheel, and its sources to an sdist."""

    PLUGIN_NAME = "custom"

    def initialize(self, version, build_data):
        """Add the library or its sources, except to an editable wheel."""
        root = Path(self.root)
        if self.target_name == "sdist":
            # LICENSE is a link in the checkout, which would lead out of the sdist.
            included = {
                str(Path(path).resolve()): name for path, name in build_data["force_include"].items()
            }
            sources = source(root)
            if sources is not None:
                included.update((str(sources / path), f"{BUNDLED}/{path}") for path in SOURCES)
            build_data["force_include"] = included
            return
        if self.target_name != "wheel" or version == "editable":
            return
        library = find(root)
        if library is None:
            return
        major = re.search(r"DEEPIDV_ABI_MAJOR: Final = (\d+)", abi(self.root))
        build_data["force_include"][str(library)] = f"deepidv/libdeepidv.so.{major.group(1)}"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform(library.read_bytes())}"


def abi(root):
    """Read the generated declarations."""
    return Path(root, "deepidv", "_abi_version.py").read_text(encoding="utf-8")


def find(root):
    """Return the library to add, or None."""
    named = os.environ.get("DEEPIDV_LIBRARY")
    if named is not None:
        # Set but empty: build a wheel without the library.
        return Path(named).resolve(strict=True) if named else None
    sources = source(root)
    if sources is None:
        sys.exit(
            "There are no sources of libdeepidv beside the package; set DEEPIDV_LIBRARY to the library."
        )
    built = sources / ".build-lib" / "libdeepidv.so"
    if not built.exists():
        build(sources)
    return built.resolve(strict=True)


def source(root):
    """Return the folder of the library's sources, or None."""
    # The folders above an unpacked sdist are not ours.
    for folder in (root / BUNDLED, root.parent.parent):
        if (folder / "Package.swift").is_file() and (folder / "include" / "deepidv.h").is_file():
            return folder
    return None


def build(sources):
    """Build the library, or exit with a sentence that says what is missing."""
    missing = [text for program, text in PROGRAMS.items() if shutil.which(program) is None]
    if not missing:
        missing = [text for name, text in LIBRARIES.items() if run("pkg-config", "--exists", name) != 0]
    if missing:
        sys.exit(
            f"libdeepidv is not built, and to build it, this is missing: {', '.join(missing)}; "
            "to use a library that the system has, set DEEPIDV_LIBRARY to an empty text."
        )
    # Its output is for people.
    if run("make", "-C", sources, "library", stdout=sys.stderr) != 0:
        sys.exit("libdeepidv could not be built: see the messages of `make library` above.")


def run(*command, **options):
    """Run a command, and return its status."""
    return subprocess.run(
        [str(word) for word in command], stdin=subprocess.DEVNULL, check=False, **options
    ).returncode


def platform(elf):
    """Return the manylinux tag of an ELF file, or the musllinux tag if it was built for musl."""
    machine = MACHINES[struct.unpack_from("<H", elf, 18)[0]]
    if b"\0libc.musl-%s.so.1\0" % machine.encode() in elf:
        # musl has no versions of symbols, and the library uses none that came after 1.2.
        return f"musllinux_1_2_{machine}"
    needed = {tuple(map(int, found)) for found in re.findall(rb"\0GLIBC_(\d+)\.(\d+)(?:\.\d+)?(?=\0)", elf)}
    major, minor = max(needed)
    return f"manylinux_{major}_{minor}_{machine}"
