"""Builds, checks and tests each package of bindings/, and runs the program in its README.

The tests of a package start emulators themselves.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINDINGS = ROOT / "bindings"
OUT = ROOT / ".build-bindings"
LIBRARY = pathlib.Path(os.environ.get("DEEPIDV_LIB_DIR", ROOT / ".build-lib"))
EMULATOR = os.environ.get("DEEPIDV_EMULATOR", ROOT / ".build-emulator" / "release" / "deepidv-emulator")
JAVA_PATH = "/usr/share/java/jna.jar:/usr/share/java/junit4.jar:/usr/share/java/hamcrest-core.jar"
ENVIRONMENT = {
    **os.environ,
    "CGO_CFLAGS": f"-I{ROOT / 'include'}",
    "CGO_LDFLAGS": f"-L{LIBRARY} -Wl,-rpath,{LIBRARY}",
    "CARGO_TARGET_DIR": str(OUT / "rust"),
    "DEEPIDV_EMULATOR": str(EMULATOR),
    "DEEPIDV_INCLUDE_DIR": str(ROOT / "include"),
    "DEEPIDV_LIBRARY": str(LIBRARY / "libdeepidv.so.0"),
    "DEEPIDV_LIB_DIR": str(LIBRARY),
    "LD_LIBRARY_PATH": str(LIBRARY),
    "RUSTDOCFLAGS": "-D warnings",
    # The headers of Debian's libnode-dev.
    "npm_config_nodedir": "/usr",
}

NPM_INSTALL = "npm install --offline --no-audit --no-fund"
# Each command runs in the package's folder; {out} is a folder for build output.
CHECKS = {
    "go": ['test -z "$(gofmt -l .)"', "go vet ./..."],
    "rust": [
        "cargo fmt --check",
        "cargo clippy --quiet --offline --all-targets -- -D warnings",
        "cargo doc --quiet --offline --no-deps",
    ],
    "node": [
        "for file in *.js lib/*.js test/*.js conformance/*.js; do node --check $file || exit; done",
        "tsc -p test",
    ],
    "ruby": ["rubocop --cache false"],
    "java": [
        "javac --release 17 -encoding UTF-8 -Xlint:all -Xdoclint:all,-missing -Werror "
        f"-cp {JAVA_PATH} -d {{out}}/lint $(find src -name '*.java')",
    ],
    "csharp": ["mcs -target:library -warnaserror -warn:4 -doc:{out}/lint.xml -out:{out}/lint.dll src/*.cs"],
}
SUITES = {
    "go": ["go test -count=1 -race ./..."],
    "rust": ["cargo test --quiet --offline"],
    "node": [NPM_INSTALL, "npm test"],
    "ruby": ["rake test"],
    "java": [
        f"javac --release 17 -encoding UTF-8 -cp {JAVA_PATH} -d {{out}}/classes $(find src -name '*.java')",
        f"java -cp {JAVA_PATH}:{{out}}/classes org.junit.runner.JUnitCore "
        "org.libdeepidv.ClientTest org.libdeepidv.ParseTest",
    ],
    "csharp": [
        "mcs -target:library -out:{out}/Deepidv.dll src/*.cs",
        "cp /usr/lib/cli/nunit.framework-2.6.3/nunit.framework.dll {out}",
        "mcs -warnaserror -r:{out}/Deepidv.dll -out:{out}/Abandon.exe test/Abandon.cs",
        "mcs -target:library -warnaserror -r:{out}/Deepidv.dll -r:{out}/nunit.framework.dll -out:{out}/Tests.dll "
        "test/ClientTest.cs test/ParseTest.cs test/Emulator.cs test/RawServer.cs",
        "nunit-console -nologo -nodots -work={out} {out}/Tests.dll",
    ],
}
# What a registry would get.
ARCHIVES = {
    "rust": "cargo package --quiet --offline --allow-dirty",
    "node": "npm pack --silent --pack-destination {out}",
    "ruby": "gem build --silent -o {out}/deepidv.gem deepidv.gemspec",
}
# The file into which the program is pasted, and the commands of the README, in a new folder.
PROGRAMS = {
    "go": (
        "hello.go",
        [
            "go mod init hello",
            "go mod edit -require=deepidv@v0.0.0 -replace=deepidv={package}",
            "go run .",
        ],
    ),
    "rust": (
        "src/main.rs",
        [
            'printf \'[package]\\nname = "hello"\\nversion = "0.1.0"\\nedition = "2021"\\n'
            '[dependencies]\\ndeepidv = {{ path = "{package}" }}\\n\' >Cargo.toml',
            "CARGO_TARGET_DIR=target cargo run --quiet --offline",
        ],
    ),
    "node": ("hello.js", [f"{NPM_INSTALL} {{package}}", "node hello.js"]),
    "ruby": ("hello.rb", ["ruby -I {package}/lib hello.rb"]),
    "java": (
        "Hello.java",
        [
            "javac --release 17 -cp /usr/share/java/jna.jar -d classes $(find {package}/src/main -name '*.java')",
            "jar --create --file deepidv.jar -C classes .",
            "java -cp deepidv.jar:/usr/share/java/jna.jar Hello.java",
        ],
    ),
    "csharp": (
        "Hello.cs",
        ["mcs -target:library -out:Deepidv.dll {package}/src/*.cs", "mcs -r:Deepidv.dll Hello.cs", "mono Hello.exe"],
    ),
}
PACKAGES = sorted(SUITES)


def run(command, folder, package, **environment):
    """Run a command of the shell, and return what it printed."""
    command = command.format(out=OUT / package, package=BINDINGS / package)
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env={**ENVIRONMENT, **environment}, timeout=600, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


@pytest.fixture(autouse=True)
def folders():
    for package in PACKAGES:
        (OUT / package).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="module")
def emulator():
    process = subprocess.Popen(
        [EMULATOR, "--port", "0", "--exit-with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield process.stdout.readline().split()[-1]
    process.communicate(timeout=10)


@pytest.mark.parametrize("package", PACKAGES)
def test_formatter_and_linter_are_content(package):
    for command in CHECKS[package]:
        run(command, BINDINGS / package, package)


@pytest.mark.parametrize("package", PACKAGES)
def test_suite_passes(package):
    for command in SUITES[package]:
        run(command, BINDINGS / package, package)


@pytest.mark.parametrize("package", PACKAGES)
def test_program_of_the_readme_creates_a_session(package, emulator, tmp_path):
    text = (BINDINGS / package / "README.md").read_text()
    file, commands = PROGRAMS[package]
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(re.search(r"^```\w+\n(.*?)^```", text, re.DOTALL | re.MULTILINE)[1])
    for command in commands:
        printed = run(command, tmp_path, package, DEEPIDV_API_KEY="dk_emulator", DEEPIDV_BASE_URL=emulator)
    assert re.fullmatch(rf"sess_\w+ {re.escape(emulator)}/session/\S+\n", printed), printed


@pytest.mark.parametrize("package", ARCHIVES)
def test_archive_is_built(package):
    run(ARCHIVES[package], BINDINGS / package, package)


def test_packages_have_the_version_of_the_library():
    version = json.loads((ROOT / "abi" / "deepidv.abi.json").read_text())["version"]
    for file, form in {
        "rust/Cargo.toml": 'version = "{}"',
        "node/package.json": '"version": "{}"',
        "ruby/deepidv.gemspec": "spec.version = '{}'",
    }.items():
        assert form.format(version) in (BINDINGS / file).read_text(), file


def test_readmes_have_one_page():
    for package in PACKAGES:
        assert len((BINDINGS / package / "README.md").read_text().splitlines()) < 100


def test_every_package_is_tested():
    folders = {path.name for path in BINDINGS.iterdir() if (path / "README.md").exists()}
    assert folders - {"python"} == set(PACKAGES)


def test_generated_files_are_checked(tmp_path):
    """A file that was changed by hand is found, and written again."""
    copy = tmp_path / "bindings"
    ignored = shutil.ignore_patterns("build", "node_modules", "python", "__pycache__")
    shutil.copytree(BINDINGS, copy, ignore=ignored)
    shutil.copytree(ROOT / "abi", tmp_path / "abi")
    program = [shutil.which("python3"), str(copy / "generate.py")]
    subprocess.run([*program, "--check"], check=True)
    for changed in ("go/generated.go", "rust/src/generated.rs", "java/src/main/java/org/libdeepidv/Status.java"):
        text = (copy / changed).read_text()
        (copy / changed).write_text(text.replace("22", "23"))
        done = subprocess.run([*program, "--check"], stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 1 and f"bindings/{changed}" in done.stderr
        subprocess.run(program, check=True, stdout=subprocess.DEVNULL)
        assert (copy / changed).read_text() == text
