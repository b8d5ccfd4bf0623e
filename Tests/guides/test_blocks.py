"""Every code block of the guides is run, or says why not."""

import collections

import pytest
from blocks import ROOT, blocks_of
from running import EXTRA, Folder, is_output

READMES = [
    "README.md",
    "Emulator/README.md",
    "Emulator/deploy/README.md",
    "bindings/python/README.md",
    "conformance/README.md",
    "examples-c/README.md",
    "examples/onboarding/README.md",
]
PAGES = READMES + sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))
# Pages whose blocks another test runs.
ELSEWHERE = {"bindings/python/README.md": "Tests/python/test_readme.py"}
LANGUAGES = {"python", "c", "cpp", "sh", "lua"}


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ELSEWHERE and blocks_of(page)])
def test_blocks(page, tmp_path, emulator):
    folder = Folder(tmp_path, page, emulator)
    used = collections.defaultdict(list)
    expected = []
    for block in blocks_of(page):
        if block.mark == "file":
            folder.save(block.argument, block.code)
        elif block.mark == "output":
            expected.append((before, len(used[before]) - 1, block))
        elif not block.mark:
            assert block.language in LANGUAGES, (
                f"{page}:{block.line}: say how it is tested; see Tests/support/blocks.py"
            )
            used[block.language].append(block)
            before = block.language
    folder.compile("c", [block.code for block in used["c"]])
    folder.compile("cpp", [block.code for block in used["cpp"]])
    for block in used["lua"]:
        folder.lua(block.code)
    printed = {"python": folder.python(used["python"]), "sh": folder.shell(used["sh"])}
    for language, number, block in expected:
        assert is_output(printed[language][number], block.code), (
            f"{page}:{block.line}: {printed[language][number]}\nis not\n{block.code}"
        )


@pytest.mark.parametrize("page", PAGES)
def test_marks(page):
    """Other tests exist and name the page, and each reason is one."""
    for block in blocks_of(page):
        where = f"{page}:{block.line}"
        if block.mark == "tested by":
            test = ROOT / block.argument
            files = [test] if test.is_file() else sorted(test.rglob("*.py"))
            texts = [file.read_text("utf-8") for file in files]
            assert texts, f"{where}: there is no {block.argument}"
        if block.mark == "not run":
            assert len(block.argument.split()) > 2, f"{where}: why not?"


def test_other_tests_read_their_pages():
    for page, test in ELSEWHERE.items():
        assert page.split("/")[-1] in (ROOT / test).read_text("utf-8")


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
        ('{"a":1,"b":[]}', '{\n  "b": [],\n  "a": 1\n}', True),
        ("http://127.0.0.1:5/a.b", "http://127.0.0.1:8080/a.b", True),
        ("axb", "a.b", False),
    ],
)
def test_outputs_are_compared(printed, expected, same):
    assert is_output(printed, expected) is same
