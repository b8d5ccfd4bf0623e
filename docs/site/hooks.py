"""Hooks of MkDocs: the pages of the site, which are the Markdown files of the repository.

Each page keeps its path, so that links between pages work on the site as they do in the repository. A link to another
file of the repository leads to a page that shows the file, below source/.
"""

import pathlib
import posixpath
import re
import subprocess

from mkdocs.structure.files import File, InclusionLevel

ROOT = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = ROOT / ".build-docs" / "abi.md"
LINK = re.compile(r"(\]\()([^)\s#:]+)((?:#[^)\s]*)?\))")
IMAGES = (".png", ".svg")
# Pages that are only linked. All others must be in the navigation.
LINKED = ("Benchmarks/", "Fuzz/", "Tests/", "source/")
# A larger file is offered as it is, because highlighting takes long.
LARGEST_SOURCE = 300_000
LANGUAGES = {".h": "c", ".cdef": "c", ".hpp": "cpp", ".yaml": "yaml", ".json": "json", ".py": "python", ".c": "c"}


def generated(config, uri, **content):
    """Return a page or file of the site."""
    level = InclusionLevel.NOT_IN_NAV if uri.startswith(LINKED) else InclusionLevel.INCLUDED
    return File.generated(config, uri, inclusion=level, **content)


def tracked():
    """Return the paths of all files that are in git or could be added."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip
    return {name for name in listed.split("\0") if name and (ROOT / name).is_file()}


def shown(path, files):
    """Return the path in the site of what a link to a path of the repository means; None if there is no such file."""
    if path.endswith((".md", *IMAGES)):
        return path
    if path in files:
        return f"source/{path}" + (".md" if (ROOT / path).stat().st_size <= LARGEST_SOURCE else "")
    if f"{path}/README.md" in files:
        return f"{path}/README.md"
    if any(name.startswith(f"{path}/") for name in files):
        return f"source/{path}.md"
    return None


def target_of(page, link):
    """Return the path in the repository that a link on a page means."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), link))


def source_page(path, files):
    """Return the Markdown of a page that shows a file, or the files of a folder."""
    head = f"---\nsearch:\n  exclude: true\n---\n\n# {path}\n\n"
    if path in files:
        language = LANGUAGES.get(pathlib.PurePath(path).suffix, "text")
        return f"{head}~~~~~~~~ {language}\n{(ROOT / path).read_text('utf-8')}\n~~~~~~~~\n"
    inside = sorted(name for name in files if name.startswith(f"{path}/"))
    return head + "".join(f"- `{name.removeprefix(path + '/')}`\n" for name in inside)


def on_files(files, config):
    """Add the pages, their pictures, and the sources that they link."""
    if not REFERENCE.exists():
        raise SystemExit("there is no reference: make docs")
    known = tracked()
    pages = sorted(name for name in known if name.endswith(".md") and not name.startswith("."))
    for name in pages:
        files.append(generated(config, name, abs_src_path=str(ROOT / name)))
    files.append(generated(config, "docs/abi.md", abs_src_path=str(REFERENCE)))
    added = set()
    for name in pages:
        for _, link, _ in LINK.findall((ROOT / name).read_text("utf-8")):
            path = target_of(name, link)
            uri = shown(path, known)
            if uri is None or uri in added or (path.endswith(".md")) or uri in pages:
                continue
            added.add(uri)
            if uri.endswith(".md"):
                files.append(generated(config, uri, content=source_page(path, known)))
            elif path in known:
                files.append(generated(config, uri, abs_src_path=str(ROOT / path)))
    config["known"] = known
    return files


def on_page_markdown(markdown, page, config, files):
    """Let links to sources lead to the pages that show them."""

    def rewritten(match):
        uri = shown(target_of(page.file.src_uri, match[2]), config["known"])
        if uri is None or match[2].endswith((".md", *IMAGES)):
            return match[0]
        return match[1] + posixpath.relpath(uri, posixpath.dirname(page.file.src_uri)) + match[3]

    # Unlike CommonMark, Python-Markdown takes the # of C# at the end of a title for a closing mark.
    return LINK.sub(rewritten, re.sub(r"\A(# .*\w)#$", r"\1\\#", markdown, flags=re.MULTILINE))


def on_page_content(html, page, config, files):
    """Let long names and paths break where their words end, but not options, so that tables fit on a phone."""

    def broken(match):
        code = re.sub(r"(?<![\w-])--?[\w-]+", r'<span class="option">\g<0></span>', match[0])
        return re.sub(r"(?<=[A-Za-z0-9])([_/])(?=[A-Za-z0-9])", r"\1<wbr>", code)

    return re.sub(r"<code>[^<\n]*</code>", broken, html)
