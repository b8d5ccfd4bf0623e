"""What is installed and shipped is locked, and docs/dependencies.md says why."""

import json
import re
import subprocess
import sys

import pytest
from conftest import ROOT

DOCUMENT = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
NAMED = {name.lower() for span in re.findall(r"`([^`]+)`", DOCUMENT) for name in [span, span.rpartition("/")[2]]}
CHOSEN = (
    sorted(ROOT.glob("Tests/*/*.in"))
    + sorted(ROOT.glob("scripts/*.in"))
    + [ROOT / "examples/onboarding/requirements.in"]
)
LOCKED = {
    "Tests": "Tests/requirements.txt", "scripts": "Tests/requirements.txt",
    "examples": "examples/onboarding/requirements.txt",
}  # fmt: skip


def requirements(text):
    """Yield names and versions, as PyPI spells names, with the rest of their lines."""
    text = text.replace("\\\n", " ")
    for name, version, rest in re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([\w.!]+)(.*)$", text, re.MULTILINE):
        yield re.sub(r"[-_.]+", "-", name).lower(), version, rest


@pytest.mark.parametrize("path", CHOSEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_chosen_is_locked_and_has_a_reason(path):
    name = "Tests/platforms/pytest.txt" if path.stem == "pytest" else LOCKED[path.relative_to(ROOT).parts[0]]
    locked = {one: version for one, version, _ in requirements((ROOT / name).read_text())}
    found = list(requirements(path.read_text()))
    assert found
    for one, version, _ in found:
        assert locked.get(one) == version, f"{one} is not in {name}: make lock"
        reasons = {re.sub(r"[-_.]+", "-", named) for named in NAMED}
        assert one in reasons or path.stem == "pytest", f"docs/dependencies.md does not say why {one} is there"


@pytest.mark.parametrize(
    "name", ["Tests/requirements.txt", "scripts/requirements.txt", "scripts/release.txt",
             "examples/onboarding/requirements.txt", "Tests/platforms/pytest.txt", "Tests/http/peers/llhttp.txt"],
)  # fmt: skip
def test_everything_that_is_locked_has_hashes(name):
    text = (ROOT / name).read_text()
    found = list(requirements(text))
    assert found
    assert all("--hash=sha256:" in rest for _, _, rest in found)
    # Nothing else, such as an address or a version that may change.
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(lines) == len(found)
    assert " /" not in text, "a path of the machine that locked it"


def test_packages_are_only_installed_by_their_hashes():
    installs = [
        line
        for path in [ROOT / "scripts" / "bootstrap", ROOT / "examples" / "onboarding" / "Containerfile"]
        for line in path.read_text().replace("\\\n", " ").splitlines()
        if re.search(r"pip (install|download)", line)
    ]
    assert len(installs) == 3
    assert all("--require-hashes" in line for line in installs)


def test_debian_packages_have_a_reason():
    lines = re.findall(r'packages="([^"]*)"', (ROOT / "scripts" / "bootstrap").read_text())
    wanted = {name for line in lines if "$(" not in line for name in line.replace("$packages", "").split()}
    assert len(wanted) > 40
    # Their own names say why.
    assert sorted(wanted - NAMED - {"python3", "python3-venv", "g++"}) == []


def test_swift_packages_have_exact_versions():
    for path in ROOT.glob("**/Package.swift"):
        if any(part.startswith(".build") for part in path.parts):
            continue
        for package in re.findall(r"\.package\(([^)]*)\)", path.read_text()):
            assert "path:" in package or "exact:" in package, path
    emulator = (ROOT / "Emulator" / "Package.swift").read_text()
    names = re.findall(r'/([\w-]+?)(?:\.git)?", exact:', emulator)
    assert len(names) == 5
    assert set(names) <= NAMED


def test_actions_and_images_have_a_hash():
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    actions = re.findall(r"uses: (\S+)", workflow)
    assert actions
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in actions)


def test_the_bill_of_materials(tmp_path):
    pytest.importorskip("cyclonedx")
    shipped = tmp_path / "libdeepidv.tar.gz"
    shipped.write_bytes(b"the source")
    command = [sys.executable, ROOT / "scripts" / "sbom", "9.9.9", "1700000000", shipped]
    first, second = (subprocess.run(command, capture_output=True, check=True, timeout=60).stdout for _ in range(2))
    assert first == second
    bill = json.loads(first)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    names = {component["name"]: component for component in bill["components"]}
    assert names["libdeepidv.tar.gz"]["hashes"][0]["alg"] == "SHA-256"
    assert names["swift-nio"]["version"] in (ROOT / "Emulator" / "Package.swift").read_text()
    needed = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert set(needed["libdeepidv"]) == {
        "pkg:generic/curl", "pkg:generic/glibc", "pkg:generic/openssl", "pkg:github/swiftlang/swift@6.3",
    }  # fmt: skip
    assert "libdeepidv" in needed["deepidv"]
    assert bill["metadata"]["timestamp"].startswith("2023-11-14")
