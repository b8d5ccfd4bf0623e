"""Reads the code blocks of a Markdown page, with the marks that say how they are tested.

A mark is an HTML comment before a block. Without one, Python, C, C++, Lua and shell are run; see Tests/guides.

    <!-- file: NAME -->      the block is saved under this name, and a later block uses it
    <!-- output -->          the block before it prints this
    <!-- tested by: PATH --> another test runs it
    <!-- not run: REASON --> no test runs it
"""

import dataclasses
import pathlib
import re

import markdown_it

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARK = re.compile(r"<!-- (file|output|tested by|not run)(?:: (.+?))? -->", re.DOTALL)


@dataclasses.dataclass
class Block:
    line: int
    # Empty for an indented block.
    language: str
    code: str
    # Empty without a mark.
    mark: str
    argument: str


def blocks_of(page):
    """Return all code blocks of a page."""
    found = []
    before = None
    for token in markdown_it.MarkdownIt("commonmark").parse((ROOT / page).read_text("utf-8")):
        if token.type in ("fence", "code_block"):
            mark = MARK.fullmatch(before.content.strip()) if before and before.type == "html_block" else None
            kind, argument = mark.groups() if mark else ("", "")
            found.append(Block(token.map[0] + 1, token.info.strip(), token.content, kind, argument or ""))
        before = token
    return found


def code_of(page, language):
    """Return the code of the blocks of a language, from top to bottom."""
    return [block.code for block in blocks_of(page) if block.language == language]
