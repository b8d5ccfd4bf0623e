"""The installed files and their contents."""

import pathlib
import re

from conftest import DOCS, EMULATOR, ROOT, clean_environment, copy_of_tree, listing, make, run

FUNCTIONS = re.findall(r"^ +(deepidv_\w+);$", (ROOT / "deepidv.map").read_text(), re.MULTILINE)


def version():
    return re.search(r'DEEPIDV_VERSION_TEXT +"(.*)"', (ROOT / "include" / "deepidv.h").read_text()).group(1)


def test_links_of_the_library(prefix):
    lib = prefix / "lib"
    assert (lib / "libdeepidv.so").readlink().name == "libdeepidv.so.0"
    assert (lib / "libdeepidv.so.0").readlink().name == f"libdeepidv.so.{version()}"
    assert not (lib / f"libdeepidv.so.{version()}").is_symlink()
    assert "[libdeepidv.so.0]" in run("readelf", "-d", lib / "libdeepidv.so").stdout


def test_no_paths_of_the_build_machine(prefix, first_prefix):
    paths = [str(ROOT), str(first_prefix), str(prefix), "/.build", "/swift/usr", "/home/", "/root/"]
    for name in listing(prefix):
        data = (prefix / name).read_bytes()
        assert [path for path in paths if path.encode() in data] == [], name
    assert "PATH" not in run("readelf", "-d", prefix / "lib" / "libdeepidv.so").stdout


def test_modes(prefix):
    programs = {f"lib/libdeepidv.so.{version()}"}
    for name in listing(prefix):
        path = prefix / name
        if not path.is_symlink():
            assert path.stat().st_mode & 0o777 == (0o755 if name in programs else 0o644), name


def test_private_requirements_match_the_library(prefix, pkg_config):
    needed = re.findall(r"\(NEEDED\).*\[lib(\w+)\.so", run("readelf", "-d", prefix / "lib/libdeepidv.so").stdout)
    ours = sorted(set(needed) - {"c", "m", "pthread"})
    required = [line.split()[0] for line in pkg_config("--print-requires-private", "deepidv")]
    linked = {module: pkg_config("--libs-only-l", module) for module in required}
    assert ours == sorted(word[2:] for words in linked.values() for word in words)


def test_destdir_changes_only_the_location(tree, tmp_path):
    make(tree, "install", f"DESTDIR={tmp_path}/stage", "PREFIX=/opt/identity")
    make(tree, "install", f"PREFIX={tmp_path}/direct")
    staged = tmp_path / "stage" / "opt" / "identity"
    assert listing(tmp_path / "stage") == [f"opt/identity/{name}" for name in listing(tmp_path / "direct")]
    for name in listing(staged):
        assert (staged / name).read_bytes() == (tmp_path / "direct" / name).read_bytes(), name


def test_uninstall_keeps_other_files(tree, tmp_path):
    where = [f"DESTDIR={tmp_path}/stage", "PREFIX=/usr", "LIBDIR=/usr/lib/x86_64-linux-gnu"]
    make(tree, "install", *where)
    note = tmp_path / "stage" / "usr" / "share" / "doc" / "libdeepidv" / "note"
    note.write_text("mine")
    make(tree, "uninstall", *where)
    assert listing(tmp_path) == ["stage/usr/share/doc/libdeepidv/note"]
    note.unlink()
    make(tree, "uninstall", *where)
    left = [path.name for path in (tmp_path / "stage").rglob("*")]
    assert [name for name in left if "deepidv" in name] == []


def test_uninstalling_without_the_names_of_the_manual_pages(tree, tmp_path):
    where = [f"DESTDIR={tmp_path}/stage", "PREFIX=/usr"]
    make(tree, "install", *where)
    installed = listing(tmp_path / "stage")
    done = make(tree, "uninstall", *where, "DOCS=nowhere", check=False)
    assert done.returncode != 0
    assert "run `make docs` first" in done.stdout
    assert listing(tmp_path / "stage") == installed


def test_a_tree_that_was_not_built(tmp_path):
    source = copy_of_tree(tmp_path / "tree", built=False)
    done = make(source, "install", f"DESTDIR={tmp_path}/stage", check=False)
    assert done.returncode != 0
    assert "run `make build` first" in done.stdout
    assert not (tmp_path / "stage").exists()


def test_a_relative_prefix_is_refused(tree, tmp_path):
    done = make(tree, "install", "PREFIX=here", f"DESTDIR={tmp_path}/stage", check=False)
    assert done.returncode != 0
    assert "absolute path" in done.stdout


def test_pkg_config_from_other_folders(tree, tmp_path, pkg_config):
    where = tmp_path / "usr"
    lib = where / "lib" / "x86_64-linux-gnu"
    make(tree, "install", f"PREFIX={where}", f"LIBDIR={lib}", f"INCLUDEDIR={where}/include/identity")
    (flag,) = pkg_config("--cflags-only-I", "deepidv", where=lib)[:1]
    assert (tmp_path / flag.removeprefix("-I") / "deepidv.h").resolve().is_file()
    (flag,) = pkg_config("--libs-only-L", "deepidv", where=lib)
    assert (tmp_path / flag.removeprefix("-L") / "libdeepidv.so").resolve().is_file()


def test_every_function_has_a_manual_page(prefix):
    man = prefix / "share" / "man"
    assert len(FUNCTIONS) > 70
    pages = run("man", "-M", man, "-w", "3", *FUNCTIONS).stdout.splitlines()
    assert len(pages) == len(FUNCTIONS)
    for name, page in zip(FUNCTIONS, pages, strict=True):
        text = pathlib.Path(page).read_text()
        if text.startswith(".so "):
            text = (man / text.split()[1]).read_text()
        assert f"\n.Fo {name}\n" in text, name


def test_a_rendered_manual_page(prefix):
    environment = clean_environment(MANPAGER="cat", MANWIDTH="90", GROFF_NO_SGR="1")
    page = run("man", "-M", prefix / "share" / "man", "deepidv_client_fd", env=environment).stdout
    page = " ".join(re.sub(r".\x08", "", page).split())
    assert "int deepidv_client_fd(deepidv_client *client);" in page
    assert "DEEPIDV_E_FORKED (60)" in page


def test_manual_pages_are_clean(prefix):
    man = prefix / "share" / "man"
    pages = [path for path in man.rglob("*.?") if not path.read_text().startswith(".so ")]
    assert len(pages) > 5
    # mandoc searches referenced pages on the system; the loop below searches the installation instead.
    output = run("mandoc", "-T", "lint", "-W", "style", *pages, check=False).stdout.splitlines()
    assert [line for line in output if "referenced manual not found" not in line] == []
    for page in pages:
        for name, section in re.findall(r"^\.Xr (?:\( )?(\S+) (\d)", page.read_text(), re.MULTILINE):
            assert (man / f"man{section}" / f"{name}.{section}").is_file(), f"{page.name}: {name}({section})"


def test_the_emulators_manual_page_has_every_option(tmp_path):
    overview = DOCS / "man" / "deepidv.7"
    page = tmp_path / "deepidv-emulator.1"
    page.write_text(run(ROOT / "scripts" / "emulator-manual", EMULATOR, overview).stdout)
    output = run("mandoc", "-T", "lint", "-W", "style", page, check=False).stdout.splitlines()
    assert [line for line in output if "referenced manual not found" not in line] == []
    options = set(re.findall(r"^ +(?:-\w, )?--([a-z-]+)", run(EMULATOR, "--help").stdout, re.MULTILINE))
    assert len(options) > 10
    assert set(re.findall(r"^\.It Fl -([a-z-]+)", page.read_text(), re.MULTILINE)) == options
