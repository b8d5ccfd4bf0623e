"""Properties of the library's ELF file that no other test checks.

For another architecture, DEEPIDV_ARCH is its name, DEEPIDV_CC its compiler, and DEEPIDV_RUNNER runs its programs.
"""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = pathlib.Path(os.environ.get("DEEPIDV_LIB_DIR", ROOT / ".build-lib")) / "libdeepidv.so.0"
ARCH = os.environ.get("DEEPIDV_ARCH", "amd64")
# 208 KiB; the instructions of the others take more.
LARGEST = {"amd64": 212992, "arm64": 217088, "riscv64": 241664}[ARCH]
NEWEST_LIBC = (2, 34)


def output_of(*command):
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture(scope="module")
def entries():
    """Return the dynamic section: the tag and the value of each entry."""
    entries = re.findall(r"^ *0x[0-9a-f]+ \((\w+)\) *(.*)$", output_of("readelf", "-dW", LIBRARY), re.MULTILINE)
    assert entries
    return entries


@pytest.fixture(scope="module")
def segments():
    """Return the flags of each segment, by type."""
    lines = output_of("readelf", "-lW", LIBRARY).splitlines()
    pattern = re.compile(r"^ +([A-Z_]+) +(?:0x[0-9a-f]+ +){5}([RWE ]{3})")
    segments = [match.groups() for match in map(pattern.match, lines) if match]
    assert "LOAD" in dict(segments)
    return segments


@pytest.fixture(scope="module")
def symbols():
    """Return the lines of nm, split into words."""
    return [line.split() for line in output_of("nm", "-D", LIBRARY).splitlines()]


def values(entries, tag):
    return sorted(match.group(1) for name, rest in entries if name == tag and (match := re.search(r"\[(.*)\]", rest)))


def flags(entries):
    return " ".join(rest for tag, rest in entries if tag in ("FLAGS", "FLAGS_1")).replace("Flags:", "").split()


def test_soname(entries):
    assert values(entries, "SONAME") == ["libdeepidv.so.0"]


def test_libraries_that_it_needs(entries):
    needed = [name for name in values(entries, "NEEDED") if not name.startswith(("libm.so.", "ld-linux"))]
    assert needed == ["libc.so.6", "libcrypto.so.3", "libcurl.so.4", "libssl.so.3"]


def test_no_run_path(entries):
    assert values(entries, "RPATH") + values(entries, "RUNPATH") == []


def test_bound_when_loaded(entries):
    assert {"BIND_NOW", "NOW"} & set(flags(entries))


def test_never_unloaded(entries):
    assert "NODELETE" in flags(entries)


def test_no_relocations_in_code(entries):
    assert "TEXTREL" not in [tag for tag, _ in entries] + flags(entries)


def test_the_stack_is_not_executable(segments):
    assert [mode for kind, mode in segments if kind == "GNU_STACK"] == ["RW "]


def test_nothing_is_writable_and_executable(segments):
    assert [mode for kind, mode in segments if kind == "LOAD" and "W" in mode and "E" in mode] == []


def test_relocated_data_is_read_only(entries, segments):
    """Addresses of functions cannot be overwritten: RELRO covers all of them, because they are bound at the start."""
    assert "GNU_RELRO" in dict(segments)
    assert {"BIND_NOW", "NOW"} & set(flags(entries))


@pytest.mark.skipif(ARCH != "amd64", reason="of amd64")
def test_shadow_stack():
    assert re.search(r"x86 feature: .*\bSHSTK\b", output_of("readelf", "-nW", LIBRARY))


def test_functions_are_guarded(symbols):
    """The C code checks its stack frames, and the sizes of what it copies."""
    needed = {words[-1].split("@")[0] for words in symbols if words[-2:-1] == ["U"]}
    assert "__stack_chk_fail" in needed
    assert {name for name in needed if re.fullmatch(r"__\w+_chk", name)}


def test_exports_are_those_of_the_version_script(symbols):
    # The version's own name is a symbol as well, of type A.
    exported = sorted(words[2].split("@")[0] for words in symbols if len(words) == 3 and words[1] != "A")
    listed = sorted(re.findall(r"^ *(deepidv_[a-z_]*);$", (ROOT / "deepidv.map").read_text(), re.MULTILINE))
    assert exported
    assert exported == listed


def test_nothing_of_swift_is_exported_or_needed(entries, symbols):
    assert [words for words in symbols if "swift" in words[-1].lower()] == []
    assert [name for name in values(entries, "NEEDED") if "swift" in name.lower()] == []


def test_oldest_c_library(symbols):
    versions = [re.search(r"@GLIBC_([0-9.]+)$", words[-1]) for words in symbols]
    needed = [tuple(map(int, match.group(1).split("."))) for match in versions if match]
    assert needed
    assert max(needed) <= NEWEST_LIBC


def test_size(tmp_path):
    stripped = LIBRARY
    # Those of other architectures are stripped by the build, and not by this machine's tool.
    if ARCH == "amd64":
        stripped = tmp_path / "stripped"
        subprocess.run(["strip", "-o", stripped, LIBRARY], check=True, timeout=60)
    assert stripped.stat().st_size <= LARGEST


def test_exports_have_default_visibility():
    rows = [line.split() for line in output_of("readelf", "--dyn-syms", "-W", LIBRARY).splitlines()]
    ours = {row[7]: row[5] for row in rows if len(row) > 7 and row[7].startswith("deepidv_")}
    assert ours
    assert set(ours.values()) == {"DEFAULT"}
    archive = LIBRARY.parent / "libdeepidv.a"
    if archive.exists():
        rows = [line.split() for line in output_of("readelf", "-sW", archive).splitlines()]
        ours = [row for row in rows if len(row) > 7 and row[7].startswith("deepidv_") and row[4] == "GLOBAL"]
        assert {row[5] for row in ours} == {"DEFAULT"}


def test_its_own_calls_are_direct():
    assert "deepidv_" not in output_of("readelf", "-rW", LIBRARY)


# Not every system has gold; lld comes with Swift.
@pytest.mark.parametrize("linker", ["bfd", "gold", "lld"])
@pytest.mark.parametrize(("compiler", "source"), [("gcc", "addresses.c"), ("g++", "addresses.cc")])
def test_programs_that_are_not_position_independent(linker, compiler, source, tmp_path):
    if linker != "lld" and shutil.which(f"ld.{linker}") is None:
        pytest.skip(f"there is no ld.{linker}")
    runner = []
    if ARCH != "amd64":
        if (linker, compiler) != ("lld", "gcc"):
            pytest.skip(f"there is no {compiler} and no ld.{linker} for {ARCH}")
        compiler, runner = os.environ["DEEPIDV_CC"], [os.environ["DEEPIDV_RUNNER"]]
    tools = output_of(ROOT / "scripts" / "swift-tools").strip()
    where = LIBRARY.parent
    linked = subprocess.run(
        [compiler, "-no-pie", "-fno-pie", f"-fuse-ld={linker}", "-B", tools, "-I", ROOT / "include",
         "-o", tmp_path / "addresses", ROOT / "Tests" / "abi" / "addresses" / source,
         "-L", where, "-ldeepidv", f"-Wl,-rpath,{where}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (linked.returncode, linked.stderr) == (0, "")
    assert output_of(*runner, tmp_path / "addresses") == "Success.\n"


def test_it_needs_no_function_of_a_newer_libcurl(symbols):
    needed = {words[-1].split("@")[0] for words in symbols if words[-2:-1] == ["U"]}
    ours = {name for name in needed if name.startswith("curl_")}
    assert "curl_easy_send" in ours
    assert ours <= set((ROOT / "Tests" / "abi" / "libcurl-7.76.txt").read_text().split())
