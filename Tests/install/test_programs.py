"""Builds programs against an installation whose prefix was moved."""

import shutil

import pytest
from conftest import HERE, run

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
STANDARDS = {"gcc": "c89", "clang": "c89", "g++": "c++98", "clang++": "c++98"}


def compile_program(compiler, tmp_path, *options):
    source = tmp_path / ("program.cpp" if compiler.endswith("++") else "program.c")
    shutil.copy(HERE / "program.c", source)
    run(compiler, f"-std={STANDARDS[compiler]}", *WARNINGS, source, "-o", tmp_path / "program", *options)
    return tmp_path / "program"


@pytest.mark.parametrize("compiler", STANDARDS)
def test_pkg_config_and_the_shared_library(compiler, prefix, tmp_path, pkg_config, creates):
    flags = pkg_config("--cflags", "--libs", "deepidv")
    program = compile_program(compiler, tmp_path, *flags)
    creates(program, LD_LIBRARY_PATH=str(prefix / "lib"))
    assert "libdeepidv.so.0" in run("readelf", "-d", program).stdout


@pytest.mark.parametrize("compiler", ["gcc", "clang++"])
def test_the_archive(compiler, prefix, tmp_path, pkg_config, creates):
    flags = [*pkg_config("--cflags", "deepidv"), prefix / "lib" / "libdeepidv.a"]
    libraries = pkg_config("--libs", "libcurl", "libssl", "libcrypto")
    program = compile_program(compiler, tmp_path, *flags, *libraries, "-pthread")
    creates(program)
    assert "deepidv" not in run("readelf", "-d", program).stdout


def test_the_archive_exports_only_the_interface(prefix):
    symbols = run("nm", "-g", "--defined-only", prefix / "lib" / "libdeepidv.a").stdout.splitlines()
    names = [line.split()[2] for line in symbols if len(line.split()) == 3]
    assert len(names) > 70
    assert [name for name in names if not name.startswith("deepidv_")] == []


def test_the_archive_in_a_program_with_a_swift_runtime(prefix, tmp_path, pkg_config, creates):
    module = tmp_path / "module"
    module.mkdir()
    (module / "module.modulemap").write_text(f'module CDeepIDV {{ header "{prefix}/include/deepidv.h" export * }}\n')
    program = tmp_path / "program"
    run(
        "swiftc", "-static-stdlib", "-suppress-warnings", "-I", module, HERE / "program.swift",
        prefix / "lib" / "libdeepidv.a", *pkg_config("--libs", "libcurl", "libssl", "libcrypto"), "-o", program,
    )  # fmt: skip
    # Otherwise the runtime would be the one in the library.
    assert " swift_retain" in run("nm", program).stdout
    creates(program, SWIFT_BACKTRACE="enable=no")


def test_the_installed_example(prefix, tmp_path, pkg_config, creates):
    source = prefix / "share" / "doc" / "libdeepidv" / "examples" / "parse_redirect.c"
    flags = pkg_config("--cflags", "--libs", "deepidv")
    run("gcc", source, *flags, f"-Wl,-rpath,{prefix}/lib", "-o", tmp_path / "example")
    output = run(tmp_path / "example", "--expect", "sess_abc", "?session_id=sess_abc&status=success").stdout
    assert "sess_abc" in output


def configure(tmp_path, prefix, *options, compilers=("gcc", "g++"), check=True):
    project = tmp_path / "project"
    if not project.exists():
        shutil.copytree(HERE / "project", project)
        shutil.copy(HERE / "program.c", project / "program.c")
        shutil.copy(HERE / "program.c", project / "program.cpp")
    return run(
        "cmake", "-S", project, "-B", tmp_path / "built", f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_C_COMPILER={compilers[0]}", f"-DCMAKE_CXX_COMPILER={compilers[1]}", *options, check=check,
    )  # fmt: skip


@pytest.mark.parametrize("compilers", [("gcc", "g++"), ("clang", "clang++")])
def test_find_package(compilers, prefix, tmp_path, creates):
    configure(tmp_path, prefix, "-DWANTED_VERSION=0.1", compilers=compilers)
    run("cmake", "--build", tmp_path / "built")
    for program in ["c_shared", "c_static", "cxx_shared"]:
        creates(tmp_path / "built" / program)
    assert "libdeepidv.so.0" in run("readelf", "-d", tmp_path / "built" / "c_shared").stdout
    assert "deepidv" not in run("readelf", "-d", tmp_path / "built" / "c_static").stdout


@pytest.mark.parametrize("version", ["0.0", "0.2", "0.1.999", "1.0"])
def test_find_package_refuses_other_versions(version, prefix, tmp_path):
    done = configure(tmp_path, prefix, f"-DWANTED_VERSION={version}", check=False)
    assert done.returncode != 0
    assert "compatible with requested version" in " ".join(done.stdout.split())


def test_find_package_refuses_unknown_components(prefix, tmp_path):
    done = configure(tmp_path, prefix, "-DWANTED_COMPONENTS=telepathy", check=False)
    assert done.returncode != 0
    assert "deepidv has no component telepathy" in done.stdout
