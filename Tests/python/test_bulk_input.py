"""What people's files look like: what is wrong with a row stays with that row, and is said in words."""

import json
import os
import subprocess
import sys

import pytest
from deepidv._bulk.reading import read
from deepidv._bulk.source import LINE_LIMIT, Source
from deepidv._input import InputError
from test_bulk import bulk, executions, results
from test_command import environment

HEAD = "first_name,last_name,email,phone"
ROW = "A,B,a@b.example,+15192223333"
GOOD = {"first_name": "A", "last_name": "B", "email": "a@b.example", "phone": "+15192223333"}


@pytest.fixture
def output(tmp_path):
    return tmp_path / "out.jsonl"


@pytest.fixture
def rows_of(tmp_path):
    """Return a function that reads rows: the line, and the fields or what is wrong."""

    def rows_of(content, form="csv", encoding="utf-8"):
        path = tmp_path / "input"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        source = Source(str(path), encoding)
        found = list(read(source, form))
        # The second time is like the first.
        assert list(read(source, form)) == found
        source.close()
        return {row.line: row.problem.code if row.problem else dict(row.fields) for row in found}

    return rows_of


def test_blank_lines_anywhere(rows_of):
    text = f"\n \t \r\n{HEAD}\n\n{ROW}\n   \n,,,\n , ,\t,\n{ROW}\n\n\n"
    assert rows_of(text) == {5: GOOD, 9: GOOD}
    lines = json.dumps(GOOD)
    assert rows_of(f"\n \n{lines}\r\n\t\n{lines}", "jsonl") == {3: GOOD, 5: GOOD}
    assert rows_of("") == rows_of("\n\n") == rows_of(HEAD) == {}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(rows_of, separator):
    text = f"{HEAD}\n{ROW}\n".replace(",", separator)
    assert rows_of(text) == {2: GOOD}
    # The line that Excel reads and writes.
    assert rows_of(f"sep={separator}\r\n{text}") == {3: GOOD}
    # Other separators inside of a quoted name or of a cell.
    quoted = separator.join(('"A,;\t"', "B", "a@b.example", "+15192223333"))
    assert rows_of(f"{HEAD.replace(',', separator)}\n{quoted}\n") == {2: {**GOOD, "first_name": "A,;"}}


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (f"{HEAD},", "column 5 of the header is empty"),
        (f"{HEAD}, ,external_id", "column 5 of the header is empty"),
        (f"{HEAD},Secret", "column 5 of the header is not a field; the fields are first_name,"),
        (f"{HEAD},firstName", "columns 1 and 5 of the header are the same field"),
        (ROW, "column 1 of the header is not a field"),
        ('"', "column 1 of the header is"),
    ],
)
def test_headers(rows_of, head, said):
    with pytest.raises(InputError) as raised:
        rows_of(f"{head}\n{ROW}\n")
    assert said in str(raised.value)
    assert "Secret" not in str(raised.value)


def test_a_utf_16_file_without_a_mark_gets_a_hint(rows_of):
    content = f"{HEAD}\n{ROW}\n"
    with pytest.raises(InputError, match="try --encoding utf-16"):
        rows_of(content.encode("utf-16-le"))
    assert rows_of(content.encode("utf-16-le"), encoding="utf-16-le") == {2: GOOD}


def test_encodings(rows_of):
    text = f"{HEAD}\nJosé,B,a@b.example,+15192223333\n"
    expected = {2: {**GOOD, "first_name": "José"}}
    for content in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16"), text.encode("utf-32")):
        assert rows_of(content) == expected
        # A mark is stronger than the option.
        if content[:1] != b"f":
            assert rows_of(content, encoding="cp1252") == expected
    assert rows_of(text.encode("cp1252"), encoding="cp1252") == expected
    assert rows_of(text.encode("cp1252")) == {2: "DEEPIDV_E_UTF8"}
    line = json.dumps({**GOOD, "first_name": "José"}, ensure_ascii=False)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert rows_of(line.encode(encoding), "jsonl") == {1: expected[2]}


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_bad_byte_is_the_problem_of_its_row(rows_of, form):
    good, bad = (ROW.encode(), ROW.replace("A", "\udcff").encode("utf-8", "surrogateescape"))
    head = HEAD.encode() + b"\n"
    if form == "jsonl":
        good = json.dumps(GOOD).encode()
        bad = good.replace(b'"A"', b'"\xff"')
        head = b"\n"
    assert rows_of(head + good + b"\n" + bad + b"\n" + good + b"\n", form) == {
        2: GOOD,
        3: "DEEPIDV_E_UTF8",
        4: GOOD,
    }
    # A lone surrogate in UTF-16, and half a unit at the end.
    text = (head + good + b"\n").decode().encode("utf-16-le")
    broken = (good + b"\n").decode().replace("B", "\ud800").encode("utf-16-le", "surrogatepass")
    found = rows_of(b"\xff\xfe" + text + broken + text[len(head) * 2 :] + b"x", form)
    assert [found[2], found[3], found[4]] == [GOOD, "DEEPIDV_E_UTF8", GOOD]


def test_json_lines_that_are_invalid_by_themselves(rows_of):
    good = json.dumps(GOOD)
    lines = {
        "[" * 10_000: "DEEPIDV_E_JSON_DEPTH",
        '{"first_name": ' * 10_000: "DEEPIDV_E_JSON_DEPTH",
        good[:-1] + ', "phone": "+15192223334"}': "DEEPIDV_E_JSON_DUPLICATE",
        good.replace('"A"', "NaN"): "DEEPIDV_E_JSON",
        good.replace('"A"', "1" * 5000): "DEEPIDV_E_TYPE",
        good.replace('"A"', r'"\ud800"'): "DEEPIDV_E_JSON",
        good.replace('"A"', '"' + "x" * 2 * LINE_LIMIT + '"'): "DEEPIDV_E_TOO_LONG",
        "nonsense": "DEEPIDV_E_JSON",
        "\0": "DEEPIDV_E_JSON",
    }
    text = "".join(f"{line}\n{good}\n" for line in lines)
    found = rows_of(text, "jsonl")
    assert [found[number] for number in range(1, 2 * len(lines), 2)] == list(lines.values())
    assert all(found[number] == GOOD for number in range(2, 2 * len(lines) + 1, 2))


def test_csv_that_is_invalid(rows_of, tmp_path):
    text = f'{HEAD}\n"A"x,B,a@b.example,+15192223333\n{ROW}\n"A,B,a@b.example,+15192223333\n{ROW}\n'
    assert rows_of(text) == {2: "not CSV", 3: GOOD, 4: "not CSV"}
    assert rows_of(f"{HEAD}\n{ROW},x\n{ROW}, ,\n{'x' * 2 * LINE_LIMIT}\n{ROW}\n") == {
        2: "more cells than columns",
        3: GOOD,
        4: "not CSV",
        5: GOOD,
    }
    cells = ",".join(["x" * 100_000] * 12)
    assert rows_of(f"{HEAD}\n{cells}\n{ROW}\n") == {2: "DEEPIDV_E_TOO_LONG", 3: GOOD}


def test_what_a_spreadsheet_does_to_numbers(tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text(
        f"external_id,{HEAD}\n"
        "x1,A,B,a@b.example,15192223333\n"
        "x2,A,B,a@b.example,1.5192E+10\n"
        '"x3",A,B,a@b.example,"1,5192E+10"\n'
        "4.0123E+15,A,B,a@b.example,+15192223333\n"
        "x5,A,B,a@b.example,+1 519 222\n"
        "12345,A,B,a@b.example,+15192223333\n"
    )
    status, stderr = bulk(rows, "--check", url="http://127.0.0.1:9")
    assert status == 1
    assert stderr.splitlines() == [
        "line 2, column 5: phone: it has no +, which spreadsheets remove; format the column as text, and add the + "
        "(DEEPIDV_E_PHONE)",
        "line 3, column 5: phone: a spreadsheet has rounded it, as in 1.5E+10; format the column as text, and enter it "
        "again (DEEPIDV_E_PHONE)",
        "line 4, column 5: phone: a spreadsheet has rounded it, as in 1.5E+10; format the column as text, and enter it "
        "again (DEEPIDV_E_PHONE)",
        "line 5, column 1: external_id: a spreadsheet has rounded it, as in 1.5E+10; format the column as text, and "
        "enter it again (DEEPIDV_E_TYPE)",
        "line 6, column 5: phone: The phone number is not E.164: + and 1 to 15 digits, the first not 0 "
        "(DEEPIDV_E_PHONE)",
        "6 rows, 5 of them invalid",
    ]


def test_identical_rows(start_emulator, tmp_path, output):
    """Without an external id they are probably one applicant, who would be invited twice."""
    url = start_emulator("--rate", "0")
    rows = tmp_path / "rows.jsonl"
    other = {**GOOD, "phone": "+15192224444"}
    camel = {"firstName": "A", "lastName": "B", "email": "a@b.example", "phone": "+15192223333", "workflow_id": None}
    lines = [GOOD, other, GOOD, camel, {**GOOD, "external_id": "a"}, {**GOOD, "external_id": "b"}]
    rows.write_text("".join(json.dumps(line) + "\n" for line in lines))
    said = "line 3: it is the same as line 1 and has no external id; --allow-duplicates sends both (identical)"
    status, stderr = bulk(rows, "--check", url=url)
    assert (status, said in stderr, "6 rows, 2 of them invalid" in stderr) == (1, True, True)
    assert bulk(rows, "--check", "--allow-duplicates", url=url)[0] == 0
    status, stderr = bulk(rows, "-o", output, url=url)
    assert (status, said in stderr) == (1, True)
    assert {line: found["outcome"] for line, found in results(output).items()} == {
        **dict.fromkeys((1, 2, 5, 6), "created"),
        **dict.fromkeys((3, 4), "invalid"),
    }
    assert bulk(rows, "-o", output, "--allow-duplicates", url=url)[0] == 0
    assert executions(url)["total"] == 6
    # Those that were sent are known, with and without the option.
    assert bulk(rows, "-o", output, url=url)[0] == 0


def test_standard_input(start_emulator, tmp_path, output):
    """A pipe is read as bytes, whatever the locale is."""
    url = start_emulator("--rate", "0")
    lines = json.dumps({**GOOD, "first_name": "José"}, ensure_ascii=False) + "\n"
    for content, options in (
        (lines.encode(), ["--format", "jsonl"]),
        (f"{HEAD}\nJosé,B,a@b.example,+15192223333\n".encode("cp1252"), ["--format=csv", "--encoding=cp1252"]),
    ):
        output.unlink(missing_ok=True)
        (tmp_path / "out.jsonl.journal").unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "deepidv", "bulk", "-", "-o", str(output), *options],
            env={**environment(url), "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            input=content,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert len(results(output)) == 1


def test_options_about_the_input(tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(GOOD))
    for arguments, said in (
        ((rows, "--encoding", "cp1252"), "--encoding is for CSV; JSON is UTF-8"),
        ((rows, "--encoding", "base64"), "'base64' is not an encoding that Python knows"),
        ((rows, "--encoding", "nonsense"), "'nonsense' is not an encoding that Python knows"),
        ((tmp_path / "rows", "--check"), "use --format csv or --format jsonl"),
        ((tmp_path / "none.csv", "--check"), "No such file or directory"),
        ((tmp_path, "--check", "--format", "csv"), "Is a directory"),
    ):
        status, stderr = bulk(*arguments, url="http://127.0.0.1:9")
        assert (status, said in stderr) == (2, True), stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.jsonl"]


MEASURED = """
import resource, sys
from deepidv import _command
status = _command.main(sys.argv[1:])
print(status, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def peak(*arguments, url):
    """Return the exit status, and the most memory that a run used, in MiB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "bulk", *map(str, arguments)],
        env=environment(url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return tuple(map(int, done.stdout.split()))


def write_many(path, count):
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{HEAD},external_id\n")
        for number in range(count):
            reference = f"customer-{number}" if number % 2 else ""
            file.write(f"Somebody,Of that name,somebody{number}@example.com,+1519{number:07d},{reference}\n")
    return path


@pytest.mark.skipif("coverage" in sys.modules, reason="counts memory")
def test_memory_does_not_grow_with_the_file(start_emulator, tmp_path, output):
    """Each row more would cost a kilobyte if rows were kept: 19 MiB here."""
    few, many = write_many(tmp_path / "few.csv", 1_000), write_many(tmp_path / "many.csv", 20_000)
    nowhere = "http://127.0.0.1:9"
    least, most = peak(few, "--check", url=nowhere), peak(many, "--check", url=nowhere)
    assert (least[0], most[0]) == (0, 0)
    assert most[1] - least[1] < 8
    url = start_emulator("--rate", "0")
    sending = ("--rate", 0, "--in-flight", 100, "--quiet")
    least = peak(few, "-o", tmp_path / "few.out", *sending, url=url)
    most = peak(many, "-o", output, *sending, "--limit", 1_000, url=url)
    assert (least[0], most[0]) == (0, 5)
    assert most[1] - least[1] < 8
    # And at the rows that were sent before: the run reads all of them.
    again = peak(many, "-o", output, *sending, "--limit", 1, url=url)
    assert again[0] == 5
    assert again[1] - least[1] < 8
    assert os.path.getsize(many) > 1_000_000
