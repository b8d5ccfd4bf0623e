"""What the build for another architecture must have in common with that for this machine, and its vector code."""

import re

import pytest
from conftest import ARCH, BUILD, LIBRARY, MACHINE, ROOT, run

OURS = ROOT / ".build-lib" / "libdeepidv.so.0"


def exports(library):
    lines = [line.split() for line in run("nm", "-D", "--defined-only", library).splitlines()]
    return sorted(words[2] for words in lines if words[2].startswith("deepidv_"))


def test_exports_are_those_of_this_machine():
    if not OURS.exists():
        pytest.skip("there is no library for this machine: make library")
    assert exports(LIBRARY) == exports(OURS)
    assert exports(LIBRARY)


def test_its_processor():
    header = run("readelf", "-h", LIBRARY)
    assert {"arm64": "AArch64", "riscv64": "RISC-V"}[ARCH] in header
    # Debian's ABI: floating-point values in registers.
    assert ARCH != "riscv64" or "double-float ABI" in header


def instructions(tools, name):
    """Return the instructions of a function, with their operands."""
    library = BUILD / "swift" / "release" / "libdeepidv.elf"
    symbols = [line.split()[2] for line in run("nm", library).splitlines() if re.search(name, line)]
    assert len(symbols) == 1
    text = run(
        tools / "llvm-objdump", "-d", "--no-show-raw-insn", "--no-leading-addr", f"--disassemble-symbols={symbols[0]}",
        library,
    )  # fmt: skip
    code = re.findall(r"^ +\t(\S+)\t?(.*)$", text, re.MULTILINE)
    assert len(code) > 5
    return code


# The searches for special bytes in C, and for either of two bytes in Swift, which has C's functions inside it.
@pytest.mark.parametrize(("name", "blocks"), [(r" find16$", 1), (r"10firstIndex2of2or4from6before", 4)])
@pytest.mark.skipif(MACHINE != "aarch64", reason="only arm64 has vectors in every processor")
def test_blocks_are_searched_with_neon(tools, name, blocks):
    code = instructions(tools, name)
    compared = [operands for word, operands in code if word in ("cmeq", "cmhs")]
    assert len(compared) >= 2 * blocks
    assert all(".16b" in operands for operands in compared)
    # From 16 answers to the number that has a bit for each, without a step per byte.
    assert len([word for word, _ in code if word == "addv"]) == blocks
    assert not [word for word, _ in code if word in ("ldrb", "strb", "umov")]
