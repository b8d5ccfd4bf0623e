"""Every code block of the guides is run, or says why not."""

import collections
import dataclasses

import pytest
from blocks import ROOT, blocks_of
from running import EXTRA, Folder, is_output, printed_in

READMES = [
    "README.md",
    "Emulator/README.md",
    "Emulator/deploy/README.md",
    "bindings/python/README.md",
    "examples-c/README.md",
    "examples/fleet/README.md",
    "examples/onboarding/README.md",
]
PAGES = READMES + sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))
# Pages whose blocks another test runs.
ELSEWHERE = {"bindings/python/README.md": "Tests/python/test_readme.py"}
REDIS = "redis://localhost:6379/0"
LANGUAGES = {"python", "c", "cpp", "sh", "console", "lua"}


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ELSEWHERE and blocks_of(page)])
def test_blocks(page, tmp_path, emulator, redis):
    folder = Folder(tmp_path, page, emulator)
    if REDIS in (ROOT / page).read_text("utf-8"):
        folder.urls[REDIS] = redis()
    used = collections.defaultdict(list)
    expected = []
    before = ""
    for block in blocks_of(page):
        if block.mark == "file":
            folder.save(block.argument, block.code)
        elif block.mark == "output":
            expected.append((before, len(used[before]) - 1, block))
        elif not block.mark:
            assert block.language in LANGUAGES, f"{page}:{block.line}: see Tests/support/blocks.py"
            before = "sh" if block.language == "console" else block.language
            used[before].append(block)
            if block.language == "console":
                expected.append((before, len(used[before]) - 1, dataclasses.replace(block, code=printed_in(block))))
    folder.compile("c", [block.code for block in used["c"]])
    folder.compile("cpp", [block.code for block in used["cpp"]])
    for block in used["lua"]:
        folder.lua(block.code)
    printed = {"python": folder.python(used["python"]), "sh": folder.shell(used["sh"])}
    for language, number, block in expected:
        assert is_output(printed[language][number], block.code, block.language), (
            f"{page}:{block.line}: {printed[language][number]}\nis not\n{block.code}"
        )


@pytest.mark.parametrize("page", PAGES)
def test_marks(page):
    """Other tests exist, and each reason is one."""
    for block in blocks_of(page):
        where = f"{page}:{block.line}"
        if block.mark == "tested by":
            test = ROOT / block.argument
            assert test.is_file() or list(test.glob("test_*.py")), f"{where}: there is no {block.argument}"
        if block.mark == "not run":
            assert len(block.argument) > 8, f"{where}: why not?"


def test_other_tests_run_their_pages():
    for page, test in ELSEWHERE.items():
        text = (ROOT / test).read_text("utf-8")
        assert page in text
        for block in blocks_of(page):
            assert block.mark == "not run" or f'"{block.language}"' in text, f"{page}:{block.line}"


def test_extras_belong_to_pages():
    pages = {page.replace("/", "-").removesuffix(".md") for page in PAGES}
    assert {path.stem for path in EXTRA.iterdir()} <= pages


@pytest.mark.parametrize(
    "printed, expected, same",
    [
        ("id sess_0123456789abcdefghij", "id sess_zyxwvutsrqponmlkjihg", True),
        ("id 1", "id 2", False),
        ("one\ntwo", "one", False),
        ("one two three", "one ... three", True),
        ("http://127.0.0.1:5/a.b", "http://127.0.0.1:8080/a.b", True),
        ("axb", "a.b", False),
    ],
)
def test_outputs_are_compared(printed, expected, same):
    assert is_output(printed, expected) is same


def test_json_is_compared_as_such():
    assert is_output('{"a":1,"b":[]}', '{\n  "b": [],\n  "a": 1\n}', "json")
    assert not is_output('{"a":1,"b":[]}', '{"a": 1}', "json")
