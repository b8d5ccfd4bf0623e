"""Runs the code blocks of a page in a folder that looks like the repository."""

import json
import os
import pathlib
import re
import subprocess
import sys

from blocks import ROOT

EXTRA = pathlib.Path(__file__).parent / "extra"
LIBRARY = pathlib.Path(os.environ.get("DEEPIDV_LIBRARY", ROOT / ".build-lib" / "libdeepidv.so"))
COMPILERS = {"c": ("cc", "-std=c99", "-Wall", "-Wextra", "-Werror"), "cpp": ("c++", "-std=c++11", "-Wall", "-Werror")}
# A page writes these for a session and a delivery; each time, it is another session, because a session ends once.
NAMES = {"SESSION_ID": "$(new_session)", "DELIVERY_ID": "$(newest_delivery)"}
SHELL = """set -eu
curl() { command curl --silent --show-error --fail "$@"; }
member() { python -c 'import json, sys; print(eval("json.load(sys.stdin)" + sys.argv[1]))' "$1"; }
new_session() {
  curl -H "x-api-key: dk_emulator" -H "Content-Type: application/json" "$DEEPIDV_BASE_URL/v1/sessions" \\
    -d '{"first_name": "Ada", "last_name": "L", "email": "ada@example.com", "phone": "+15192223333"}' | member '["id"]'
}
newest_delivery() { curl "$DEEPIDV_BASE_URL/emulator/deliveries?limit=1" | member '["deliveries"][0]["id"]'; }
"""
# What differs each time.
CHANGING = [
    (r"sess_\w{20}", "sess_ID"),
    (r"\b1\.\d{10}\.didv_\w+", "TOKEN"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:8080"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME"),
]


class Folder:
    """A folder with links to everything in the repository, where the blocks of one page run."""

    def __init__(self, folder, page, emulator):
        self.folder = folder
        self.page = page
        # What a page writes, and what the test has.
        self.urls = {"http://127.0.0.1:8080": emulator.url}
        self.emulator = emulator
        for entry in ROOT.iterdir():
            (folder / entry.name).symlink_to(entry)
        paths = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.environment = {
            **os.environ,
            "PATH": paths,
            "PYTHONPATH": str(ROOT / "bindings" / "python"),
            "DEEPIDV_LIBRARY": str(LIBRARY),
            "DEEPIDV_API_KEY": "dk_emulator",
            "DEEPIDV_BASE_URL": emulator.url,
            "DEEPIDV_WEBHOOK_SECRET": "whsec_emulator",
            "SESSION_ID": self.rejected_session(),
        }

    def rejected_session(self):
        session = self.emulator.session()
        assert self.emulator.update(session, "REJECTED").status == 200
        return session

    def here(self, code):
        """Return code that uses the servers of the test."""
        for written, url in self.urls.items():
            code = code.replace(written, url)
        return code

    def extra(self, ending):
        """Return what the page does not say, such as calls of the functions that it defines."""
        path = EXTRA / (self.page.replace("/", "-").removesuffix(".md") + ending)
        return path.read_text("utf-8") if path.exists() else ""

    def run(self, *command):
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{self.page}: {done.stdout}"
        return done.stdout

    def save(self, name, code):
        assert not (self.folder / name).exists(), f"{self.page}: there is a {name}"
        (self.folder / name).write_text(self.here(code), "utf-8")

    def compile(self, language, codes):
        """Compile blocks: one that begins with #include begins a program. Programs are ./program1, ./program2, ..."""
        programs = []
        for code in codes:
            if code.startswith("#include") or not programs:
                programs.append("")
            programs[-1] += code
        for number, program in enumerate(programs, 1):
            source = self.folder / f"program{number}.{language}"
            source.write_text(self.here(program), "utf-8")
            command = [*COMPILERS[language], "-Iinclude", str(source), "-o", f"program{number}"]
            link = ["-L.build-lib", "-ldeepidv", f"-Wl,-rpath,{ROOT / '.build-lib'}"]
            self.run(*command, *(link if "int main(" in program else ["-c"]))

    def python(self, blocks):
        """Run the Python of a page as one program, and return what each block prints."""
        parts = [f"print('\\n=={number}==', flush=True)\n{block.code}" for number, block in enumerate(blocks)]
        program = "\n".join([*parts, "print('\\n==end==')", self.extra(".py")])
        (self.folder / "page.py").write_text(self.here(program), "utf-8")
        return outputs(self.run(sys.executable, "-W", "error::DeprecationWarning", "page.py"))

    def shell(self, blocks):
        """Run the shell commands of a page as one script, and return what each block prints."""
        parts = [SHELL]
        for number, block in enumerate(blocks):
            code = commands_of(block) if block.language == "console" else block.code
            code = re.sub(r"(?<!\$)\b(SESSION_ID|DELIVERY_ID)\b(?!=)", lambda name: NAMES[name[0]], code)
            parts.append(f"echo; echo =={number}==\n{code}")
        parts += ["echo; echo ==end==", self.extra(".sh")]
        (self.folder / "page.sh").write_text(self.here("\n".join(parts)), "utf-8")
        return outputs(self.run("sh", "page.sh"))

    def lua(self, code):
        (self.folder / "page.lua").write_text(code.replace("/usr/share/deepidv/", "include/"), "utf-8")
        self.environment["LD_LIBRARY_PATH"] = str(LIBRARY.parent)
        self.run("luajit", "page.lua")


def commands_of(block):
    """Return the commands of a block that also shows what they print; they may fail."""
    return "".join(f"{line[2:]} || true\n" for line in block.code.splitlines() if line.startswith("$ "))


def printed_in(block):
    """Return what the commands of such a block print."""
    return "".join(f"{line}\n" for line in block.code.splitlines() if not line.startswith("$ "))


def outputs(text):
    """Return the output of each block, from a text with ==NUMBER== before each."""
    return [part.strip("\n") for part in re.split(r"^==\w+==\n", text, flags=re.MULTILINE)[1:]]


def is_output(printed, expected, language="text"):
    """Return whether a page says what was printed, apart from what changes; ... stands for the rest of a line."""
    printed, expected = (re.sub(r"\n+", "\n", text.strip()) for text in (printed, expected))
    for pattern, name in CHANGING:
        printed, expected = re.sub(pattern, name, printed), re.sub(pattern, name, expected)
    if language == "json":
        return json.loads(printed) == json.loads(expected)
    pattern = re.escape(expected).replace(re.escape("..."), ".*").replace("…", ".*")
    return re.fullmatch(pattern, printed) is not None
